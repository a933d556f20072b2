"""The chat, by rule and by a model."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

import pytest

from tests.backend import Backend, Person
from tests.postgres import PostgresServer


def test_without_a_key_commands_are_carried_out_by_rule(person: Person) -> None:
    added = person.say("add a task to buy milk")
    assert (added["reply"], added["source"], added["tasks_changed"]) == ("Added “buy milk”.", "rule", True)
    assert person.titles() == ["buy milk"]
    assert person.say("show my tasks")["reply"] == "You have 1 open of 1:\n• buy milk"
    assert person.say("complete milk")["reply"] == "Done: “buy milk”."
    assert person.say("complete milk")["reply"] == "“buy milk” is done already."
    assert person.say("what do I have to do?")["reply"] == "You have 0 open of 1:\n✓ buy milk"
    assert person.say("delete buy milk")["tasks_changed"] is True
    assert person.say("delete buy milk")["reply"] == "There is no task like “buy milk”."
    assert person.titles() == []


def test_what_no_rule_knows_is_answered_with_what_can_be_said(person: Person) -> None:
    assert person.say("what is the capital of France?")["reply"].startswith("I did not understand that. You can say:")


def test_a_task_is_found_by_its_title_before_its_words(person: Person) -> None:
    for title in ("milk", "milk for Ada", "milk for Bob"):
        person.add(title)
    assert person.say("complete milk")["reply"] == "Done: “milk”."
    assert person.say("delete milk for")["reply"] == "Which one do you mean?\n• milk for Bob\n• milk for Ada"


def test_a_title_that_is_too_long_is_said(person: Person) -> None:
    assert person.say("add " + "x" * 201)["reply"] == "A task needs a title of 1 to 200 characters."


def test_a_conversation_goes_on_and_is_nobody_elses(backend: Backend, person: Person) -> None:
    first = person.say("hello")["conversation_id"]
    assert person.say("list", first)["conversation_id"] == first
    stranger = backend.sign_up()
    for conversation in (first, str(uuid4())):
        response = stranger.ask("POST", "/chat", json={"message": "list", "conversation_id": conversation})
        assert response.status_code == 404


class Provider(ThreadingHTTPServer):
    """Stands in for a provider's API, and keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[dict[str, Any]] = []
        self.status = 200
        self.answer: Any = {"choices": [{"message": {"role": "assistant", "content": "Paris."}}]}


class Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append({"path": self.path, "key": self.headers["Authorization"], **body})
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(json.dumps(self.server.answer).encode())

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with Provider() as provider:
        threading.Thread(target=provider.serve_forever, daemon=True).start()
        yield provider
        provider.shutdown()


@pytest.fixture(scope="module")
def with_model(postgres: PostgresServer, provider: Provider) -> Iterator[Backend]:
    environment = {
        "DATABASE_URL": postgres.url(postgres.new_database()),
        "GROQ_API_KEY": "canary-groq-key",
        "GROQ_BASE_URL": f"http://127.0.0.1:{provider.server_port}",
        "AGENT_NAME": "Ada",
        "AGENT_INSTRUCTIONS": "Be brief.",
        "MAX_TOKENS": "77",
        "TEMPERATURE": "0.1",
    }
    with Backend(environment) as backend:
        yield backend.is_ready()


def test_with_a_key_the_model_answers_what_no_rule_does(with_model: Backend, provider: Provider) -> None:
    person = with_model.sign_up()
    person.add("fly to France")
    first = person.say("hello")
    assert (first["source"], provider.asked) == ("rule", [])

    answer = person.say("what is the capital of France?", first["conversation_id"])
    assert (answer["reply"], answer["source"]) == ("Paris.", "model")
    (asked,) = provider.asked
    assert asked["path"] == "/openai/v1/chat/completions"
    assert asked["key"] == "Bearer canary-groq-key"
    assert (asked["model"], asked["max_tokens"], asked["temperature"]) == ("openai/gpt-oss-20b", 77, 0.1)
    system, *said = asked["messages"]
    assert system["content"].startswith("You are Ada, the assistant of a todo list. Be brief.")
    assert "fly to France" in system["content"]
    assert [message["role"] for message in said] == ["user", "assistant", "user"]


@pytest.mark.parametrize(
    ("status", "answer"),
    [(500, {}), (401, {}), (200, {}), (200, []), (200, {"choices": [{"message": {"content": None}}]})],
)
def test_a_provider_that_fails_does_not_fail_the_chat(
    with_model: Backend, provider: Provider, monkeypatch: pytest.MonkeyPatch, status: int, answer: object
) -> None:
    monkeypatch.setattr(provider, "status", status)
    monkeypatch.setattr(provider, "answer", answer)
    person = with_model.sign_up()
    answered = person.say("what is the capital of France?")
    assert (answered["source"], answered["reply"][:25]) == ("rule", "I did not understand that")
    assert "canary-groq-key" not in with_model.stdout + with_model.stderr

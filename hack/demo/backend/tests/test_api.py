"""Seed 001's table of paths, over HTTP."""

import json
from dataclasses import replace

import pytest

from tests.backend import PASSWORD, Backend, Person
from tests.conftest import ORIGIN


def test_health_and_readiness_have_the_seeds_bodies(backend: Backend) -> None:
    for path, body in {
        "/health": {"status": "healthy"},
        "/health/live": {"status": "alive"},
        "/health/ready": {"status": "ready", "database": "connected"},
        "/ready": {"status": "ready", "database": "connected"},
    }.items():
        response = backend.client.get(path)
        assert (response.status_code, response.json()) == (200, body), path


def test_the_documentation_lists_every_path_of_the_seed(backend: Backend) -> None:
    assert "swagger" in backend.client.get("/docs").text
    paths = backend.client.get("/openapi.json").json()["paths"]
    listed = {(method.upper(), path) for path, methods in paths.items() for method in methods}
    assert listed >= {
        ("GET", "/health"),
        ("GET", "/ready"),
        ("POST", "/api/auth/signup"),
        ("POST", "/api/auth/signin"),
        ("GET", "/api/{user_id}/tasks"),
        ("POST", "/api/{user_id}/tasks"),
        ("GET", "/api/{user_id}/tasks/{id}"),
        ("PUT", "/api/{user_id}/tasks/{id}"),
        ("DELETE", "/api/{user_id}/tasks/{id}"),
        ("PATCH", "/api/{user_id}/tasks/{id}/complete"),
        ("POST", "/api/{user_id}/chat"),
    }


def test_a_task_is_made_changed_completed_and_deleted(person: Person) -> None:
    task = person.add("  buy milk ")
    assert (task["title"], task["description"], task["completed"], task["user_id"]) == (
        "buy milk",
        "",
        False,
        person.id,
    )
    path = f"/tasks/{task['id']}"
    assert person.ask("GET", path).json() == task

    changed = person.ask("PUT", path, json={"title": "buy oat milk", "description": "two\nof them"}).json()
    assert (changed["title"], changed["description"], changed["completed"]) == ("buy oat milk", "two\nof them", False)
    assert changed["updated_at"] > changed["created_at"]

    assert person.ask("PATCH", path + "/complete").json()["completed"] is True
    assert person.ask("PATCH", path + "/complete").json()["completed"] is False
    assert person.ask("PUT", path, json={"title": "x", "completed": True}).json()["completed"] is True

    response = person.ask("DELETE", path)
    assert (response.status_code, response.content) == (204, b"")
    for method, rest in (("GET", ""), ("PUT", ""), ("DELETE", ""), ("PATCH", "/complete")):
        assert person.ask(method, path + rest, json={"title": "x"}).status_code == 404, method


def test_tasks_are_listed_newest_first_and_in_parts(person: Person) -> None:
    for title in ("one", "two", "three"):
        person.add(title)
    assert person.titles() == ["three", "two", "one"]
    assert [task["title"] for task in person.ask("GET", "/tasks?limit=1&offset=1").json()] == ["two"]
    assert person.ask("GET", "/tasks?limit=501").status_code == 422


def test_signing_in_gives_a_token_that_works(backend: Backend, person: Person) -> None:
    signed_in = backend.client.post("/api/auth/signin", json={"email": person.email.upper(), "password": PASSWORD})
    assert signed_in.status_code == 200
    body = signed_in.json()
    assert body.keys() == {"user", "token", "token_type", "expires_at"}
    assert body["user"].keys() == {"id", "email", "name", "created_at"}
    assert replace(person, token=body["token"]).titles() == []


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(backend: Backend, person: Person) -> None:
    answers = [
        backend.client.post("/api/auth/signin", json={"email": email, "password": "wrong"})
        for email in (person.email, "nobody@example.org")
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].json() == answers[1].json()


def test_an_address_has_one_account(backend: Backend) -> None:
    email = backend.sign_up().email.capitalize()
    again = backend.client.post("/api/auth/signup", json={"email": email, "password": "12345678"})
    assert (again.status_code, again.json()) == (409, {"detail": "there is an account with this address"})


@pytest.mark.parametrize(
    "body", [{}, {"email": "no address", "password": "12345678"}, {"email": "a@b.cd", "password": "short"}, [], "x"]
)
def test_an_account_needs_an_address_and_a_password(backend: Backend, body: object) -> None:
    assert backend.client.post("/api/auth/signup", json=body).status_code == 422


def test_without_a_good_token_nothing_is_shown(backend: Backend, person: Person) -> None:
    path = f"/api/{person.id}/tasks"
    head, middle, signature = person.token.split(".")
    for headers in (
        {},
        {"Authorization": "Bearer x"},
        {"Authorization": person.token},
        {"Authorization": f"Bearer {head}.{middle}.{signature[::-1]}"},
    ):
        response = backend.client.get(path, headers=headers)
        assert response.status_code == 401
        assert response.headers["www-authenticate"] == "Bearer"


def test_nobody_sees_what_belongs_to_somebody_else(backend: Backend, person: Person) -> None:
    task = person.add("mine")
    stranger = backend.sign_up()
    assert stranger.ask("GET", f"/tasks/{task['id']}").status_code == 404
    assert stranger.ask("DELETE", f"/tasks/{task['id']}").status_code == 404
    for method, rest in (("GET", ""), ("POST", ""), ("GET", f"/{task['id']}"), ("PATCH", f"/{task['id']}/complete")):
        response = backend.client.request(
            method,
            f"/api/{person.id}/tasks{rest}",
            headers={"Authorization": f"Bearer {stranger.token}"},
            json={"title": "theirs"},
        )
        assert response.status_code == 403
    assert person.titles() == ["mine"]


def test_text_is_kept_as_it_is_and_never_becomes_sql(person: Person) -> None:
    for title in ("'; DROP TABLE tasks; --", "<script>alert(1)</script>", "Milch & 牛奶 🥛"):
        assert person.add(title)["title"] == title


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"{}", b'{"title": ""}', b'{"title": "   "}', b'{"title": 1}', b'{"title": "a\\u0000b"}',
        b'{"title": "\\ud800"}', b'{"title": "\xff"}', b'{"title": "x", "description": "\\u001b[2J"}',
        json.dumps({"title": "x" * 201}).encode(), json.dumps({"title": "x", "description": "y" * 2001}).encode(),
    ],
)  # fmt: skip
def test_what_is_no_task_is_refused_and_not_repeated(person: Person, content: bytes) -> None:
    response = person.ask("POST", "/tasks", content=content)
    # 400 is FastAPI's for a body that is not even text.
    assert response.status_code in (400, 422), response.text
    assert "input" not in response.text
    assert person.titles() == []


@pytest.mark.parametrize("number", ["0", "-1", "x", "1.5", str(2**63), "9" * 400])
def test_a_number_that_no_task_can_have_is_refused(person: Person, number: str) -> None:
    assert person.ask("GET", f"/tasks/{number}").status_code == 422


def test_a_request_that_is_too_large_is_refused_whether_it_says_so_or_not(person: Person) -> None:
    large = b'{"title": "' + b"x" * 70_000 + b'"}'
    assert person.ask("POST", "/tasks", content=large).status_code == 413
    parts = [large[at : at + 1000] for at in range(0, len(large), 1000)]
    assert person.ask("POST", "/tasks", content=iter(parts)).status_code == 413


def test_browsers_may_call_from_the_frontend_and_from_nowhere_else(backend: Backend) -> None:
    def preflight(origin: str, method: str = "PATCH") -> dict[str, str]:
        headers = {
            "Origin": origin,
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": "authorization, content-type",
        }
        return dict(backend.client.options("/api/auth/signin", headers=headers).headers)

    allowed = preflight(ORIGIN)
    assert allowed["access-control-allow-origin"] == ORIGIN
    assert set(allowed["access-control-allow-methods"].split(", ")) == {
        "GET",
        "POST",
        "PUT",
        "DELETE",
        "PATCH",
        "OPTIONS",
    }
    assert {"authorization", "content-type"} <= set(allowed["access-control-allow-headers"].lower().split(", "))
    assert "access-control-allow-origin" not in preflight("https://elsewhere.example")


def test_the_paths_also_have_their_version(backend: Backend, person: Person) -> None:
    response = backend.client.get(f"/api/v1/{person.id}/tasks", headers={"Authorization": f"Bearer {person.token}"})
    assert (response.status_code, response.json()) == (200, [])

from datetime import timedelta

import pytest

from app.settings import ConfigurationError, Settings

NEEDED = {
    "DATABASE_URL": "postgresql://todo:secret-password@db:5433/todos?ssl=require",
    "BETTER_AUTH_SECRET": "a-key-that-is-long-enough-for-everybody",
}


def read(**variables: str) -> Settings:
    return Settings.from_environment(NEEDED | variables)


def test_what_is_not_set_has_the_seeds_defaults() -> None:
    settings = read()
    assert settings.algorithm == "HS256"
    assert settings.token_lifetime == timedelta(days=7)
    assert (settings.agent_name, settings.max_tokens, settings.temperature) == ("TodoAssistant", 2000, 0.7)
    assert (settings.port, settings.workers, settings.log_level) == (8000, 1, "INFO")
    assert settings.provider is None
    assert settings.remarks == []


def test_an_empty_variable_is_as_one_that_is_not_set() -> None:
    assert read(LOG_LEVEL="", JWT_EXPIRATION_DAYS="", FRONTEND_URL="").log_level == "INFO"


@pytest.mark.parametrize(
    ("variables", "origins"),
    [
        ({"FRONTEND_URL": "http://localhost:3000/"}, ("http://localhost:3000",)),
        ({"CORS_ORIGINS": "https://a.example, http://b.example:8080"}, ("https://a.example", "http://b.example:8080")),
        ({"FRONTEND_URL": "https://a.example", "CORS_ORIGINS": "https://a.example/"}, ("https://a.example",)),
        ({"CORS_ORIGINS": "*"}, ("*",)),
        ({}, ()),
    ],
)
def test_origins_come_from_both_variables(variables: dict[str, str], origins: tuple[str, ...]) -> None:
    assert read(**variables).origins == origins


def test_the_signing_key_has_two_names() -> None:
    settings = Settings.from_environment({"DATABASE_URL": NEEDED["DATABASE_URL"], "JWT_SECRET": "short"})
    assert settings.signing_key == "short"
    assert settings.remarks == ["the signing key is shorter than 32 characters"]


@pytest.mark.parametrize(
    ("variables", "name", "url"),
    [
        ({"GROQ_API_KEY": "k"}, "GROQ", "https://api.groq.com/openai/v1/chat/completions"),
        ({"OPENAI_API_KEY": "k"}, "OPENAI", "https://api.openai.com/v1/chat/completions"),
        ({"COHERE_API_KEY": "k"}, "COHERE", "https://api.cohere.ai/compatibility/v1/chat/completions"),
        ({"OPENAI_API_KEY": "k", "GROQ_API_KEY": "k", "LLM_PROVIDER": "openai"}, "OPENAI", None),
        ({"GROQ_API_KEY": "k", "GROQ_BASE_URL": "http://x/"}, "GROQ", "http://x/openai/v1/chat/completions"),
    ],
)
def test_the_provider_is_the_one_whose_key_is_there(variables: dict[str, str], name: str, url: str | None) -> None:
    provider = read(**variables).provider
    assert provider
    assert provider.name == name
    assert url in (None, provider.url)


def test_openrouter_has_no_key_that_a_contract_names() -> None:
    assert read(LLM_PROVIDER="OPENROUTER", GROQ_API_KEY="k").provider is None


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"DATABASE_URL": ""}, "DATABASE_URL must be set"),
        ({"BETTER_AUTH_SECRET": ""}, "BETTER_AUTH_SECRET or JWT_SECRET must be set"),
        ({"JWT_ALGORITHM": "none"}, "JWT_ALGORITHM must be one of HS256, HS384, HS512"),
        ({"JWT_EXPIRATION_DAYS": "0"}, "JWT_EXPIRATION_DAYS must be a whole number from 1 to 3650"),
        ({"TEMPERATURE": "nan"}, "TEMPERATURE must be a number from 0 to 2"),
        ({"WORKERS": "two"}, "WORKERS must be a whole number from 1 to 64"),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR, CRITICAL"),
        ({"FRONTEND_URL": "localhost:3000"}, "FRONTEND_URL must be URLs as http://HOST, separated by commas"),
    ],
)
def test_a_wrong_variable_is_named_with_its_rule(variables: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read(**variables)
    assert str(caught.value) == message


def test_secrets_are_in_no_representation() -> None:
    settings = read(GROQ_API_KEY="secret-api-key")
    for secret in settings.secrets:
        assert secret not in repr(settings)

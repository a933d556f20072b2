"""Who answers in the chat where no rule does: the provider of a language model whose key is there."""

from collections.abc import Mapping
from dataclasses import dataclass, field

# provider: (where its OpenAI-like API is, its path, a model)
KNOWN = {
    "GROQ": ("https://api.groq.com", "/openai/v1/chat/completions", "openai/gpt-oss-20b"),
    "OPENAI": ("https://api.openai.com", "/v1/chat/completions", "gpt-4o-mini"),
    "COHERE": ("https://api.cohere.ai", "/compatibility/v1/chat/completions", "command-r"),
}


@dataclass(frozen=True)
class Provider:
    """An address, a model and a key."""

    name: str
    url: str
    model: str
    key: str = field(repr=False)

    @classmethod
    def chosen(cls, environment: Mapping[str, str]) -> "Provider | None":
        """LLM_PROVIDER's where it is set, else the first whose key is there; none without a key.

        OPENROUTER, the other provider of seed 001, is always without: no contract names the variable of its key.
        """
        wanted = environment.get("LLM_PROVIDER", "").upper()
        for name, (base, path, model) in KNOWN.items():
            key = environment.get(f"{name}_API_KEY")
            if key and wanted in ("", name):
                base = environment.get(f"{name}_BASE_URL") or base
                return cls(name, base.rstrip("/") + path, environment.get(f"{name}_MODEL") or model, key)
        return None

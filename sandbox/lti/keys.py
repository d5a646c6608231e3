"""The pair of keys by which this server signs what it says to a school's system."""

import os
from pathlib import Path
from typing import Any, Final

from jwcrypto.jwk import JWK

_BITS: Final = 2048


def make(path: Path) -> None:
    """Write a new private key (PEM), readable by its owner only. Raises FileExistsError: a key in use is never lost."""
    text: bytes = JWK.generate(kty="RSA", size=_BITS).export_to_pem(private_key=True, password=None)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> tuple[str, str]:
    """(private, public) as PEM. Raises OSError and ValueError."""
    try:
        key: Any = JWK.from_pem(path.read_bytes())
        private: str = key.export_to_pem(private_key=True, password=None).decode()
        public: str = key.export_to_pem().decode()
    except OSError:
        raise
    except Exception as error:  # jwcrypto has a dozen kinds of its own for what is no key
        raise ValueError(f"{path} is no private key in PEM: {error}") from error
    return private, public

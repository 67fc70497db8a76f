"""Secret fields of an input, encrypted so that the official SDKs decrypt them in the run.

`ENCRYPTED_VALUE:<password>:<text>` holds a text, `ENCRYPTED_JSON:<password>:<text>` an object or
array; both parts are base64. The text is AES-256-GCM with its 16-byte tag at the end; the password
is 32 bytes of key and 16 of initial vector, RSA-encrypted with OAEP and SHA-1. Between the prefix
and the password may stand a hash of the field's schema.
"""

import base64
import binascii
import re
import secrets
import string
from typing import Any

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BITS = 2048
KEY, VECTOR, TAG = 32, 16, 16  # bytes
BASE64 = r"[-A-Za-z0-9+/]*={0,3}"
SEALED = re.compile(rf"(ENCRYPTED_VALUE|ENCRYPTED_JSON):(?:{BASE64}:)?({BASE64}):({BASE64})")
LETTERS = string.ascii_letters + string.digits  # key and vector are text to the SDKs
OAEP = padding.OAEP(mgf=padding.MGF1(hashes.SHA1()), algorithm=hashes.SHA1(), label=None)  # noqa: S303 - the SDKs' choice, and OAEP does not need more


def new_key() -> str:
    """A private key as PEM, not encrypted."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    return _pem(key, serialization.NoEncryption())


def locked(pem: str, passphrase: str) -> str:
    """The same key as the SDKs expect it: PEM under a passphrase, in base64."""
    protection = serialization.BestAvailableEncryption(passphrase.encode())
    return base64.b64encode(_pem(_private(pem), protection).encode()).decode()


def is_sealed(value: Any) -> bool:
    return isinstance(value, str) and SEALED.fullmatch(value) is not None


def seal(value: Any, pem: str) -> str:
    """`value` is a text, or anything else that JSON holds."""
    kind = "ENCRYPTED_VALUE" if isinstance(value, str) else "ENCRYPTED_JSON"
    plain = value.encode() if isinstance(value, str) else msgspec.json.encode(value)
    key, vector = _letters(KEY), _letters(VECTOR)
    encryptor = Cipher(algorithms.AES(key), modes.GCM(vector)).encryptor()
    body = encryptor.update(plain) + encryptor.finalize() + encryptor.tag
    password = _private(pem).public_key().encrypt(key + vector, OAEP)
    return ":".join((kind, base64.b64encode(password).decode(), base64.b64encode(body).decode()))


def unseal(sealed: str, pem: str) -> Any:
    """What `seal` was given; ValueError when this key did not seal it or it was changed."""
    found = SEALED.fullmatch(sealed)
    if found is None:
        raise ValueError("not an encrypted value")
    kind, password, text = found.groups()
    try:
        opened = _private(pem).decrypt(base64.b64decode(password), OAEP)
        body = base64.b64decode(text)
        mode = modes.GCM(opened[KEY:], body[-TAG:])
        decryptor = Cipher(algorithms.AES(opened[:KEY]), mode).decryptor()
        plain = decryptor.update(body[:-TAG]) + decryptor.finalize()
        return plain.decode() if kind == "ENCRYPTED_VALUE" else msgspec.json.decode(plain)
    except (InvalidTag, binascii.Error, msgspec.DecodeError) as problem:
        raise ValueError(str(problem)) from None


def _letters(length: int) -> bytes:
    return "".join(secrets.choice(LETTERS) for _ in range(length)).encode()


def _private(pem: str) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("not an RSA key")
    return key


def _pem(key: rsa.RSAPrivateKey, protection: serialization.KeySerializationEncryption) -> str:
    kind = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, kind, protection).decode()

"""How one gets into Kafka, read from settings and checked before anybody tries."""

from collections.abc import Mapping
from pathlib import Path

from shared.bus.brokers import MECHANISMS, SECURITIES, Brokers, Mechanism, Security
from shared.errors import SettingsError

_SECURITY = "KAFKA_SECURITY_PROTOCOL"
_MECHANISM = "KAFKA_SASL_MECHANISM"
_USERNAME = "KAFKA_SASL_USERNAME"
_PASSWORD = "KAFKA_SASL_PASSWORD"  # noqa: S105  # nosec B105  # its name
_CAFILE = "KAFKA_SSL_CAFILE"
_CERTFILE = "KAFKA_SSL_CERTFILE"
_KEYFILE = "KAFKA_SSL_KEYFILE"
# All of them: a hub that starts a broker of its own tells its services none of these.
NAMES = (_SECURITY, _MECHANISM, _USERNAME, _PASSWORD, f"{_PASSWORD}_FILE", _CAFILE, _CERTFILE, _KEYFILE)


def kafka_of(values: Mapping[str, str], password: str, usual: str) -> Brokers:
    """The brokers that settings name, at `usual` where they name none. Raises SettingsError.

    The password comes by itself, since it may have been read from a file.
    """
    security = _security(values.get(_SECURITY) or "PLAINTEXT")
    signs_in = security.startswith("SASL")
    _check_sign_in({**values, _PASSWORD: password}, security, signs_in=signs_in)
    _check_files(values, security, over_tls=security.endswith("SSL"))
    return Brokers(
        address=values.get("KAFKA_BOOTSTRAP_SERVERS") or usual,
        security=security,
        mechanism=_mechanism(values.get(_MECHANISM) or "SCRAM-SHA-512") if signs_in else None,
        username=values.get(_USERNAME, ""),
        password=password,
        cafile=values.get(_CAFILE, ""),
        certfile=values.get(_CERTFILE, ""),
        keyfile=values.get(_KEYFILE, ""),
    )


def _security(text: str) -> Security:
    found = next((each for each in SECURITIES if each == text), None)
    if found is None:
        raise SettingsError(f"{_SECURITY} is '{text}'. It is one of {', '.join(SECURITIES)}.")
    return found


def _mechanism(text: str) -> Mechanism:
    found = next((each for each in MECHANISMS if each == text), None)
    if found is None:
        raise SettingsError(f"{_MECHANISM} is '{text}'. It is one of {', '.join(MECHANISMS)}.")
    return found


def _check_sign_in(values: Mapping[str, str], security: Security, *, signs_in: bool) -> None:
    given = [name for name in (_MECHANISM, _USERNAME, _PASSWORD) if values.get(name)]
    if given and not signs_in:
        raise SettingsError(f"{given[0]} is set, but {_SECURITY} is {security}: to sign in it must be SASL_SSL.")
    absent = [name for name in (_USERNAME, _PASSWORD) if not values.get(name)]
    if signs_in and absent:
        raise SettingsError(f"{_SECURITY} is {security}, so {' and '.join(absent)} must be set too.")


def _check_files(values: Mapping[str, str], security: Security, *, over_tls: bool) -> None:
    files = {name: values[name] for name in (_CAFILE, _CERTFILE, _KEYFILE) if values.get(name)}
    if files and not over_tls:
        raise SettingsError(
            f"{next(iter(files))} is set, but {_SECURITY} is {security}, without TLS: say SSL or SASL_SSL."
        )
    for name, file in files.items():
        if not Path(file).is_file():
            raise SettingsError(f"{name} names {file}, where there is no file.")
    if (_CERTFILE in files) != (_KEYFILE in files):
        raise SettingsError(f"{_CERTFILE} and {_KEYFILE} belong together: set both, or none.")

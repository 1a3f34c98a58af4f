"""Belgian enterprise numbers (KBO/BCE): ten digits, the last two of which check the first eight (mod 97)."""

from stdnum.be import vat
from stdnum.exceptions import ValidationError

from shared.errors import InvalidError

_LONGEST = 30  # with every sign that people put in; Python refuses to read numbers of thousands of digits


def clean(text: str) -> str:
    """The number as ten bare digits, whatever dots, spaces or `BE` it was written with; refuses a wrong one."""
    try:
        return str(vat.validate(text[:_LONGEST]))
    except ValidationError:
        raise InvalidError(
            "wrong_kbo_number",
            f"'{text[:30]}' is not a Belgian enterprise number: ten digits such as 0403.170.701. Check the digits.",
            field="kbo",
        ) from None

"""Time-stamp authorities (RFC 3161): what asks one for a token. Knows HTTP; the only place here that reaches a network.

Nothing asks an authority unless a caller passes one: there is no default address. Another way to reach one (a device on
the desk, a queue) is another subclass of pyHanko's `TimeStamper` with the same one method.
"""

from typing import TYPE_CHECKING

from asn1crypto import tsp  # type: ignore[import-untyped]
from pyhanko.sign.timestamps import TimeStamper

if TYPE_CHECKING:
    import httpx

MOST_BYTES = 65_536
"""Of an authority's answer; a token with its chain of certificates takes about 8,000."""


class HttpAuthority(TimeStamper):
    """An authority that answers over HTTP (RFC 3161, 3.4), reached through `client`, which the caller opens and closes.

    The client's timeout, proxies and certificates are the caller's. A failure of any kind is an OSError.
    """

    def __init__(self, address: str, client: "httpx.Client") -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._address = address
        self._client = client

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        import httpx

        try:
            answer = self._client.post(
                self._address, content=req.dump(), headers={"Content-Type": "application/timestamp-query"}
            )
        except httpx.HTTPError as error:
            raise OSError(f"the time-stamp authority did not answer: {error}") from None
        kind = answer.headers.get("Content-Type", "").partition(";")[0].strip()
        if answer.status_code != 200 or kind != "application/timestamp-reply" or len(answer.content) > MOST_BYTES:
            raise OSError(f"the time-stamp authority answered {answer.status_code} {kind}, which is no time stamp")
        try:
            return tsp.TimeStampResp.load(answer.content, strict=True)
        except ValueError as error:
            raise OSError(f"the answer of the time-stamp authority is malformed: {error}") from None

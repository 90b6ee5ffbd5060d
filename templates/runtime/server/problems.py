"""Errors as a server says them: problem details (RFC 9457), as an exception and as a response."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

MEDIA = "application/problem+json"


class Failure(Exception):
    """Ends a request with an error status; raise it from a handler.

    `more` are further members of the problem, `headers` fields of the answer. The title is the status's own
    unless another is given; `detail` is for whoever made the request, so it must not hold what they may not
    know.
    """

    def __init__(
        self,
        status: int,
        detail: str = "",
        *,
        title: str = "",
        type_: str = "about:blank",
        headers: Mapping[str, str] | None = None,
        **more: object,
    ) -> None:
        super().__init__(f"{status}: {detail or title or phrase(status)}")
        self.status = status
        self.headers = dict(headers or {})
        self.problem: dict[str, object] = {"type": type_, "title": title or phrase(status), "status": status}
        if detail:
            self.problem["detail"] = detail
        self.problem.update(more)

    def response(self) -> Response:
        """The answer."""
        body = json.dumps(self.problem, ensure_ascii=False, default=str).encode("utf-8")
        return Response(body, self.status, self.headers, MEDIA)


def phrase(status: int) -> str:
    """The status's own words."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


def invalid(where: str, problems: list[dict[str, str]], status: int = 400) -> Failure:
    """The request is not what the contract says; `problems` name each place and what is wrong there."""
    return Failure(status, f"The {where} is not what the contract says.", errors=problems)

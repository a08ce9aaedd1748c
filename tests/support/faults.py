"""What Loket may do with a write besides answering it, in words both worlds understand."""

from enum import StrEnum


class LoketFault(StrEnum):
    REFUSED = "refused"  # 400 with messages
    FORBIDDEN = "forbidden"  # 403
    WARNS = "warns"  # applied, with a warning
    BROKEN_RULE = "broken rule"  # 200 with a broken rule, not applied
    UNANSWERED = "unanswered"  # applied, then the connection is gone
    UNANSWERED_AND_LATE = "unanswered and late"  # the same, and reads show it only seconds later
    ERROR_AFTER = "error after"  # applied, 500
    BROKEN_OFF = "broken off"  # applied, half an answer
    WEB_PAGE = "web page"  # applied, HTML
    LOST = "lost"  # not applied, the connection is gone
    LOST_WITH_ERROR = "lost with error"  # not applied, 500
    TOKEN_EXPIRED = "token expired"  # 401 once
    BUSY = "busy"  # 429 once

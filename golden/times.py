"""Times as Python's datetime writes and reads them, in microseconds since 1970, for packages/cli/test/reading-times.test.ts."""
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime, parsedate_to_datetime

UTC = timezone.utc
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# Formats that strftime writes, and that must be recognised from the values alone.
WRITTEN = [
    "%Y%m%d%H%M", "%Y%m%d%H", "%Y%m%d", "%Y%m%d%H%M%S", "%Y%m%d%H%M%S.%f", "%Y%m%d%H%M%S%f", "%Y%m%d_%H%M", "%Y%m%d-%H%M%S",
    "%Y%m%dT%H%M", "%Y%m%dT%H%M%SZ", "%Y%m%d %H%M", "%Y%m%d %H:%M", "%Y%m%d_%H:%M:%S", "%Y%m", "%Y%j", "%Y-%j", "%Y-%jT%H:%M",
    "%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%MZ", "%Y-%m-%d %H:%M:%S,%f", "%Y-%m-%dT%H:%M:%S.%f0Z", "%Y-%m-%dt%H:%M:%Sz",
    "%Y-%m-%d %H:%M:%S UTC", "%Y-%m-%d %H:%M:%S +00", "%Y/%m/%d %H:%M", "%Y.%m.%d %H:%M:%S", "%Y-%m-%d_%H-%M", "%Y-%m-%d-%H.%M.%S.%f",
    "%Y-%m-%d, %H:%M", "%Y-%m-%d %I:%M %p", "%Y-%m-%dT%H", "%Y-%m-%d %H%M%S", "%Y-%m", "%Y/%m", "%m/%Y", "%G-W%V-%u", "%GW%V",
    "%d.%m.%Y %H:%M", "%d.%m.%Y", "%d.%m.%Y %H.%M.%S", "%d. %m. %Y %H:%M", "%d/%m/%Y %H:%M", "%m/%d/%Y %I:%M:%S %p", "%d-%m-%Y %H:%M:%S.%f",
    "%d.%m.%y %H:%M", "%m/%d/%y %H:%M", "%d/%m/%y %H:%M", "%d-%m-%y", "%y-%m-%d %H:%M",
    "%d-%b-%Y %H:%M:%S", "%d %B %Y", "%d %b %y %H:%M", "%b %d, %Y %I:%M %p", "%B %d %Y", "%a, %d %b %Y %H:%M:%S", "%a %b %d %H:%M:%S %Y",
    "%d/%b/%Y:%H:%M:%S +0000", "%Y-%b-%d", "%b %Y", "%b-%y", "%Y年%m月%d日 %H:%M",
]

# Formats that a user specifies, because the values are ambiguous or suggest another one.
NAMED = ["%d/%m/%Y %H:%M", "%m/%d/%y", "%y%m%d", "%Y", "%d%m%Y%H%M", "%H:%M %d.%m.%Y", "%Y-%m-%d %H:%M:%S.%f", "%A %d %B %Y %I:%M:%S %p", "%j/%Y",
         "%s", "%Y%m%d%H%M", "%G-W%V-%u", "%F %T", "%D %R"]

MOMENTS = [
    datetime(2024, 2, 28, 23, 50, 30, 250_000), datetime(2024, 2, 29, 0, 0, 0, 0), datetime(2024, 3, 5, 0, 10, 0, 123_456),
    datetime(2024, 3, 31, 12, 0, 59, 999_999), datetime(2024, 12, 30, 13, 5, 0, 10),
]
OLD = [datetime(1949, 1, 13, 0, 0), datetime(1968, 12, 31, 23, 59, 59, 1), datetime(1969, 7, 20, 20, 17, 40), datetime(1988, 2, 29, 1, 2, 3)]

# Formats that Python's own parsers read.
ISO = ["2024-03-05T00:10+01", "2024-03-05T00:10:00+0100", "2024-03-05 00:10:00+01:00", "2024-03-31T01:59:00+01:00", "2024-03-31T03:00:00+02:00",
       "20240305T001000Z", "2024-03-05T00:10:00,5-05:30", "2024-03-05T00:10:00.123456+00:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]
MAIL = ["Tue, 05 Mar 2024 00:10:00 +0100", "05 Mar 2024 00:10:00 GMT", "Tue, 5 Mar 2024 00:10:00 EST"]


def microseconds(moment):
    return (moment.replace(tzinfo=moment.tzinfo or UTC) - EPOCH) // timedelta(microseconds=1)


def column(form, moments):
    texts = [moment.strftime(form) for moment in moments]
    if form == "%s":
        texts = [str((moment.replace(tzinfo=UTC) - EPOCH) // timedelta(seconds=1)) for moment in moments]
        return {"format": form, "texts": texts, "us": [int(text) * 1_000_000 for text in texts]}
    return {"format": form, "texts": texts, "us": [microseconds(reread(text, form)) for text in texts]}


def reread(text, form):
    """For strptime, nine digits and a Z are cut off; ISO weeks need a day."""
    if form.endswith("%f0Z"):
        return datetime.strptime(text[:-2], form[:-2])
    if form == "%GW%V":
        return datetime.strptime(f"{text}-1", "%GW%V-%u")
    return datetime.strptime(text, form.replace("%F", "%Y-%m-%d").replace("%T", "%H:%M:%S").replace("%D", "%m/%d/%y").replace("%R", "%H:%M"))


def times():
    old = [form for form in WRITTEN + NAMED if "%y" not in form and "%D" not in form and form not in ("%b-%y",)]
    return {
        "written": [column(form, MOMENTS) for form in WRITTEN] + [column(form, OLD) for form in old if form in WRITTEN],
        "named": [column(form, MOMENTS) for form in NAMED] + [column(form, OLD) for form in old if form in NAMED],
        "iso": [{"text": text, "us": microseconds(datetime.fromisoformat(text))} for text in ISO],
        "mail": [{"text": text, "us": microseconds(parsedate_to_datetime(text))} for text in MAIL]
        + [{"text": format_datetime(moment.replace(tzinfo=UTC, microsecond=0)), "us": microseconds(moment.replace(microsecond=0))} for moment in MOMENTS],
    }

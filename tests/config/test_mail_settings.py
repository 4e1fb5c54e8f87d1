"""[mail] and [[reader]]: where digests go, and when."""

from pathlib import Path

import pytest

from tracker.config import load
from tracker.errors import ConfigError

_MAIL = 'from = "t@x.example"\n'


def loaded(folder: Path, text: str) -> object:
    file = folder / "feeds.toml"
    file.write_text(text, "utf-8")
    return load(str(file))


@pytest.mark.parametrize(
    "url",
    [
        "smtp://me%40x.example@h:587?starttls&auth=xoauth2",
        "smtps://h",
        "smtps://me@h",
        "smtp://me@localhost:2525",
        "smtp://me@127.0.0.1",
        "smtp://me@[::1]",
        "smtp://me@h?insecure",
        "smtp://h",
        "sendmail:",
        "sendmail:/usr/sbin/sendmail",
        "maildir:/var/mail/digests",
    ],
)
def test_mail_goes_to_servers_programs_and_folders(tmp_path: Path, url: str) -> None:
    loaded(tmp_path, f'[mail]\nurl = "{url}"\n{_MAIL}')


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f'[mail]\nurl = "maildir:"\n{_MAIL}', "write smtp://HOST"),
        (f'[mail]\nurl = "sendmail://host/x"\n{_MAIL}', "write smtp://HOST"),
        (f'[mail]\nurl = "smtp://a:b@h"\n{_MAIL}', "TRACKER_MAIL_PASSWORD"),
        (f'[mail]\nurl = "smtp://me@h"\n{_MAIL}', "unencrypted: add .starttls"),
        (f'[mail]\nurl = "smtp://me@127.example"\n{_MAIL}', "unencrypted"),
        (f'[mail]\nurl = "smtp://me@h?startls"\n{_MAIL}', "unknown option 'startls'"),
        (
            f'[mail]\nurl = "smtp://h"\ndkim_selector = "s"\n{_MAIL}',
            "both dkim_key and dkim_selector",
        ),
        (f'[mail]\nurl = "smtp://h"\nper_minute = 0\n{_MAIL}', "per_minute"),
        ('[[reader]]\nname = "a"\nschedule = "noon"', "no schedule"),
        ('[[reader]]\nname = "a"\nschedule = 7', "write a schedule"),
        ('[[reader]]\nname = "a"\nlanguage = "German!"', "is no language"),
        ('[[reader]]\nname = "a"\nlanguage = "xx"', "unknown language 'xx'"),
        ('[[reader]]\nname = "a"\nlanguage = "pt_XQ"', "unknown language 'pt_XQ'"),
        ('[[reader]]\nname = "a"\ndeliver = "chat+https://h/x"', "write https://HOST"),
        ('[[reader]]\nname = "a"\ndeliver = ["https://h/ä"]', "in ASCII"),
        ('[[reader]]\nname = "a"\ndeliver = "https://ntfy.sh/"', "name the topic"),
        ('[[reader]]\nname = "a"\ndeliver = "ntfy+https://h"', "name the topic"),
    ],
)
def test_what_is_wrong_is_named_in_one_line(
    tmp_path: Path, text: str, says: str
) -> None:
    with pytest.raises(ConfigError, match=says) as raised:
        loaded(tmp_path, text)
    assert len(str(raised.value).splitlines()) == 1


def test_one_place_to_deliver_to_is_a_list_of_one(tmp_path: Path) -> None:
    config = loaded(
        tmp_path, '[[reader]]\nname = "a"\ndeliver = "slack+https://chat.example/x"'
    )
    (reader,) = config.readers  # type: ignore[attr-defined]  # a Config
    assert reader.deliver == ("slack+https://chat.example/x",)
    assert reader.is_reached

"""The receivers take what real ones take, and judge for themselves."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from math import floor

import pytest
import requests
from hypothesis import given, strategies as st
from standardwebhooks.webhooks import Webhook

from monitor.demo.receivers.inbox import Inbox
from monitor.demo.receivers.receivers import (
    SLACK_PATH,
    HttpReceiver,
    SignatureVerdict,
    signature_verdict,
)

# The test vector of Standard Webhooks.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
VECTOR = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}
BODY = b'{"test": 2432232314}'


@pytest.fixture
def receiver() -> Iterator[HttpReceiver]:
    with HttpReceiver(secret=SECRET) as started:
        yield started


def test_slack_gets_ok_and_its_message_is_kept(
    receiver: HttpReceiver, visitor: requests.Session
) -> None:
    answer = visitor.post(receiver.slack_url, json={"text": "Baghuz is gevallen: Syrië"})
    assert (answer.status_code, answer.text) == (200, "ok")
    (message,) = receiver.slack_messages
    assert message.payload == {"text": "Baghuz is gevallen: Syrië"}
    assert message.verdict is None
    assert receiver.webhooks == []


def test_a_webhook_with_the_right_signature_is_valid(
    receiver: HttpReceiver, visitor: requests.Session
) -> None:
    assert visitor.post(receiver.webhook_url, data=BODY, headers=VECTOR).status_code == 204
    (webhook,) = receiver.webhooks
    assert webhook.verdict is SignatureVerdict.VALID
    assert webhook.headers["webhook-id"] == VECTOR["webhook-id"]
    assert webhook.payload == {"test": 2432232314}


@pytest.mark.parametrize(
    ("changed", "verdict"),
    [
        ({"webhook-signature": "v1,AAAA"}, SignatureVerdict.FORGED),
        ({"webhook-signature": "v1,no base64!"}, SignatureVerdict.FORGED),
        ({"webhook-signature": "v2" + VECTOR["webhook-signature"][2:]}, SignatureVerdict.FORGED),
        ({"webhook-id": "msg_other"}, SignatureVerdict.FORGED),
        ({"webhook-timestamp": "1614265331"}, SignatureVerdict.FORGED),
        ({"webhook-timestamp": "gisteren"}, SignatureVerdict.MISSING),
        ({"webhook-signature": ""}, SignatureVerdict.MISSING),
    ],
)
def test_a_webhook_that_was_tampered_with_is_refused(
    receiver: HttpReceiver,
    visitor: requests.Session,
    changed: dict[str, str],
    verdict: SignatureVerdict,
) -> None:
    answer = visitor.post(receiver.webhook_url, data=BODY, headers=VECTOR | changed)
    assert answer.status_code == 401
    assert receiver.webhooks == []
    assert [post.verdict for post in receiver.inbox.all()] == [verdict]


def test_during_rotation_one_of_two_signatures_is_enough() -> None:
    both = VECTOR | {"webhook-signature": f"v1,AAAA {VECTOR['webhook-signature']}"}
    assert signature_verdict(SECRET, both, BODY) is SignatureVerdict.VALID


@given(
    body=st.text(st.characters(codec="utf-8")),
    message=st.from_regex(r"[a-z_0-9]{1,20}", fullmatch=True),
    moment=st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)),
)
def test_what_the_reference_library_signs_is_valid_and_anything_else_is_not(
    body: str, message: str, moment: datetime
) -> None:
    headers = {
        "webhook-id": message,
        "webhook-timestamp": str(floor(moment.replace(tzinfo=UTC).timestamp())),
        "webhook-signature": Webhook(SECRET).sign(message, moment, body),
    }
    assert signature_verdict(SECRET, headers, body.encode()) is SignatureVerdict.VALID
    assert signature_verdict(SECRET, headers, body.encode() + b" ") is SignatureVerdict.FORGED


def test_elsewhere_and_otherwise_is_404(receiver: HttpReceiver, visitor: requests.Session) -> None:
    assert visitor.get(receiver.slack_url).status_code == 404
    assert visitor.post(receiver.slack_url + "x").status_code == 404
    assert receiver.inbox.all() == []


def test_who_waits_is_woken_by_the_message(
    receiver: HttpReceiver, visitor: requests.Session
) -> None:
    sender = threading.Thread(target=visitor.post, args=(receiver.slack_url,))
    sender.start()
    assert len(receiver.wait_for(1, path=SLACK_PATH)) == 1
    sender.join()


def test_who_waits_in_vain_is_told_how_many_came() -> None:
    inbox: Inbox[int] = Inbox()
    inbox.add(1)
    with pytest.raises(TimeoutError, match="1 of 2"):
        inbox.wait_for(2, timeout=0.01)


def test_only_what_is_wanted_is_waited_for() -> None:
    inbox: Inbox[int] = Inbox()
    for number in range(4):
        inbox.add(number)
    assert inbox.wait_for(2, timeout=1, wanted=lambda number: number % 2 == 1) == [1, 3]

"""From a feed to a delivered alert, with the real command on real servers."""

from __future__ import annotations

import base64
import signal
import threading
from collections.abc import Callable

import pytest
from loopback import Receiver, Site
from newsdesk import Newsdesk
from standardwebhooks import Webhook

from monitor.demo.receivers.mailbox import SmtpReceiver

SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()
NEWS = "In Baghuz is het kalifaat gevallen, melden de Syrische Democratische Strijdkrachten."


@pytest.fixture
def mailbox():
    with SmtpReceiver() as started:
        yield started


def webhook(receiver: Receiver, name: str = "soc") -> str:
    return (
        f'[[channel]]\nid = "{name}"\nkind = "webhook"\nurl = "{receiver.url}/{name}"\n'
        f'secret = "{SECRET}"\ngroup_wait = "0s"\n'
    )


def test_one_article_reaches_slack_mail_and_a_signed_webhook(
    desk: Newsdesk, outlet: Site, receiver: Receiver, mailbox: SmtpReceiver
) -> None:
    outlet.publish("/nieuws/1", "Laatste bolwerk gevallen", NEWS, summary="Strijd is voorbij.")
    desk.sources(krant=outlet.url + "/rss")
    desk.channels(
        f'[[channel]]\nid = "slack"\nkind = "slack"\nwebhook_url = "{receiver.url}/slack"\n'
        f'[[channel]]\nid = "mail"\nkind = "email"\nhost = "127.0.0.1"\nport = {mailbox.port}\n'
        'security = "none"\nsender = "Nieuwswacht <wacht@example.org>"\nto = ["an@example.org"]\n'
        + webhook(receiver)
    )
    desk.rules("slack", "mail", "soc", kalifaat="kalifa* OR baghuz")

    report = desk.ok("crawl", "--json").json

    assert report["articles"] == {"new": 1, "revised": 0, "unchanged": 0}
    assert report["pages"] == {"fetched": 1, "failed": 0}
    assert report["deliveries"] == {"sent": 3, "pending": 0, "dead": 0}
    (slack,) = receiver.posts("/slack")
    assert "Laatste bolwerk gevallen" in slack.body.decode()
    (post,) = receiver.posts("/soc")
    payload = Webhook(SECRET).verify(post.body, dict(post.headers))
    assert payload["type"] == "alert.story"
    assert {hit["text"] for hit in payload["data"]["hits"]} == {"Baghuz", "kalifaat"}
    (mail,) = mailbox.wait_for(1)
    assert "Laatste bolwerk gevallen" in str(mail.message["Subject"])


def test_what_was_found_before_a_restart_is_delivered_after_it(
    desk: Newsdesk, outlet: Site, receiver: Receiver
) -> None:
    outlet.publish("/nieuws/1", "Laatste bolwerk gevallen", NEWS)
    desk.sources(krant=outlet.url + "/rss")
    desk.channels(webhook(receiver))
    desk.rules("soc", kalifaat="kalifa*")

    crawled = desk.ok("crawl", "--no-deliver", "--json").json
    assert (crawled["alerts"]["queued"], crawled["deliveries"]["sent"]) == (1, 0)
    assert receiver.posts("/soc") == []

    assert desk.ok("deliver", "--json").json["sent"] == 1
    assert desk.ok("deliver", "--json").json["sent"] == 0
    assert len(receiver.posts("/soc")) == 1


@pytest.mark.slow
def test_crawling_again_never_alerts_again(
    desk: Newsdesk, outlet: Site, receiver: Receiver
) -> None:
    outlet.publish("/nieuws/1", "Laatste bolwerk gevallen", NEWS)
    desk.sources(krant=outlet.url + "/rss")
    desk.channels(webhook(receiver))
    desk.rules("soc", kalifaat="kalifa*")

    desk.ok("crawl", "krant")
    again = desk.ok("crawl", "krant", "--json").json

    assert again["sources"] == {"polled": 1, "unchanged": 1, "failed": 0}
    assert outlet.statuses("/rss") == [200, 304]
    assert len(receiver.posts("/soc")) == 1


def test_a_page_that_failed_is_fetched_later_although_the_feed_then_says_304(
    desk: Newsdesk, outlet: Site
) -> None:
    outlet.publish("/nieuws/1", "Laatste bolwerk gevallen", NEWS)
    outlet.answers["/nieuws/1"].status = 503
    desk.sources(krant=outlet.url + "/rss")
    first = desk.run("crawl", "--json").json
    assert (first["pages"], first["articles"]["new"]) == ({"fetched": 0, "failed": 1}, 0)

    outlet.answers["/nieuws/1"].status = 200
    second = desk.ok("crawl", "krant", "--json").json

    assert second["sources"]["unchanged"] == 1
    assert second["articles"]["new"] == 1
    assert outlet.statuses("/rss") == [200, 304]


@pytest.mark.slow
def test_a_receiver_that_was_down_gets_the_alert_when_it_is_up(
    desk: Newsdesk, outlet: Site, receiver: Receiver
) -> None:
    outlet.publish("/nieuws/1", "Laatste bolwerk gevallen", NEWS)
    desk.sources(krant=outlet.url + "/rss")
    desk.channels(webhook(receiver))
    desk.rules("soc", kalifaat="kalifa*")
    receiver.status = 503

    down = desk.run("crawl", "--json").json
    assert down["deliveries"] == {"sent": 0, "pending": 1, "dead": 0}
    (pending,) = desk.ok("alerts", "pending", "--json").lines

    receiver.status = 200
    with desk.daemon():
        posts = receiver.wait_for("/soc", 2)

    assert {post.headers["webhook-id"] for post in posts} == {pending["id"]}
    assert desk.ok("alerts", "pending", "--json").lines == []


@pytest.mark.slow
def test_a_kill_between_receipt_and_record_repeats_once_with_the_same_id(
    desk: Newsdesk, outlet: Site, receiver: Receiver
) -> None:
    outlet.publish("/nieuws/1", "Laatste bolwerk gevallen", NEWS)
    desk.sources(krant=outlet.url + "/rss")
    desk.channels(webhook(receiver))
    desk.rules("soc", kalifaat="kalifa*")
    killed = threading.Event()
    with desk.daemon() as daemon:

        def kill_and_hold() -> None:
            daemon.send_signal(signal.SIGKILL)
            killed.set()

        receiver.before_answer = kill_and_hold
        assert killed.wait(60)
        daemon.wait(60)
    receiver.before_answer = None

    with desk.daemon():
        posts = receiver.wait_for("/soc", 2)

    assert len({post.headers["webhook-id"] for post in posts}) == 1
    (sent,) = [
        line for line in desk.ok("alerts", "log", "--json").lines if line["channel"] == "soc"
    ]
    assert [attempt["outcome"] for attempt in sent["attempts"]] == ["unknown", "delivered"]


def test_an_outlet_that_fails_costs_only_itself(
    desk: Newsdesk, outlets: Callable[[], Site]
) -> None:
    well, broken = outlets(), outlets()
    well.publish("/nieuws/1", "Laatste bolwerk gevallen", NEWS)
    desk.sources(krant=well.url + "/rss", kapot=broken.url + "/rss")

    result = desk.run("crawl", "--json")

    assert result.code == 0
    assert result.json["sources"] == {"polled": 2, "unchanged": 0, "failed": 1}
    assert result.json["articles"]["new"] == 1
    (error,) = result.json["errors"]
    assert error["source"] == "kapot"
    assert "404" in error["error"]


def test_a_round_in_which_every_source_fails_exits_with_1(desk: Newsdesk, outlet: Site) -> None:
    desk.sources(kapot=outlet.url + "/rss")

    assert desk.run("crawl").code == 1


def test_the_archive_can_be_searched_shown_and_asked_why(desk: Newsdesk, outlet: Site) -> None:
    outlet.publish("/nieuws/1", "Laatste bolwerk gevallen", NEWS)
    desk.sources(krant=outlet.url + "/rss")
    desk.ok("crawl")

    (found,) = desk.ok("search", "baghuz AND kalifa*", "--json").lines
    shown = desk.ok("show", found["id"], "--json").json
    why = desk.ok("alerts", "why", found["id"])

    assert (found["outlet"], found["title"]) == ("Krant", "Laatste bolwerk gevallen")
    assert shown["matches"][0]["rule"] == "kalifaat"
    assert shown["url"] == outlet.url + "/nieuws/1"
    assert "kalifaat" in why.out
    assert desk.run("search", "olifant", "--json").code == 1
    assert desk.run("search", "syrie irak").code == 2


def test_the_exit_code_and_the_words_of_an_unusable_configuration(
    desk: Newsdesk, outlet: Site
) -> None:
    desk.sources(krant=outlet.url + "/rss")
    desk.rules("nergens", kalifaat="kalifa*")

    result = desk.run("crawl")

    assert result.code == 2
    assert 'rules.toml:5: rule "kalifaat": channel "nergens" is not defined' in result.err
    assert not (desk.folder / "nieuws.db").exists()

"""PagerDuty, OpsGenie, Slack, Amazon SNS, Jira and a mail server, as far as Alertmanager and the service talk to them. Each checks what it is
sent against the vendor's documented form, answers as the vendor does, and keeps what it got.
"""
import base64
import email
import email.policy
import json
import re
import socketserver
import threading
import time
import urllib.parse
import xml.sax.saxutils

from jira import Jira
from loopback import Loopback
from refusal import Refused, need, text


def pagerduty(request):
    """Events API v2, /v2/enqueue."""
    need(request.path == "/pagerduty/v2/enqueue", request.path)
    body = json.loads(request.body)
    need(set(body) <= {"routing_key", "event_action", "dedup_key", "payload", "client", "client_url", "links", "images"},
         f"members {sorted(body)}")
    need(re.fullmatch(r"[0-9a-zA-Z]{32}", body.get("routing_key", "")), "routing_key has 32 characters")
    need(body.get("event_action") in ("trigger", "acknowledge", "resolve"), "event_action")
    text(body.get("dedup_key"), "dedup_key", 255)
    if body["event_action"] == "trigger":
        payload = body.get("payload") or {}
        text(payload.get("summary"), "payload.summary", 1024)
        text(payload.get("source"), "payload.source", 1024)
        need(payload.get("severity") in ("critical", "error", "warning", "info"), "payload.severity")
        need(isinstance(payload.get("custom_details", {}), dict), "payload.custom_details is an object")
        for link in body.get("links") or []:
            need(link["href"].startswith("https://"), f"link {link}")
    return 202, json.dumps({"status": "success", "message": "Event processed", "dedup_key": body["dedup_key"]}), {
        "action": body["event_action"], "text": json.dumps(body)}


def opsgenie(request):
    """Alert API v2: create, and close by alias."""
    need(re.fullmatch(r"GenieKey \S{8,}", request.headers.get("Authorization", "")), "Authorization: GenieKey …")
    path, _, query = request.path.partition("?")
    close = re.fullmatch(r"/opsgenie/v2/alerts/([^/]+)/close", path)
    body = json.loads(request.body)
    if close:
        need(urllib.parse.parse_qs(query).get("identifierType") == ["alias"], "identifierType=alias")
    else:
        need(path == "/opsgenie/v2/alerts", path)
        text(body.get("message"), "message", 130)
        text(body.get("alias"), "alias", 512)
        text(body.get("description", "-"), "description", 15000)
        need(body.get("priority") in ("P1", "P2", "P3", "P4", "P5"), "priority")
        for each in body.get("responders", []):
            need(each.get("type") in ("team", "user", "escalation", "schedule") and each.get("name"), f"responder {each}")
    return 202, json.dumps({"result": "Request will be processed", "took": 0.1, "requestId": "1"}), {
        "action": "resolve" if close else "trigger", "alias": close.group(1) if close else body["alias"],
        "text": json.dumps(body)}


def slack(request):
    """Incoming webhook."""
    need(re.fullmatch(r"/slack/services/T\w+/B\w+/\w+", request.path), request.path)
    body = json.loads(request.body)
    need(re.fullmatch(r"#[a-z0-9_-]{1,80}", body.get("channel", "")), f"channel {body.get('channel')}")
    need(body.get("text") or body.get("attachments"), "no text and no attachments")
    for each in body.get("attachments", []):
        need(re.fullmatch(r"good|warning|danger|#[0-9a-fA-F]{6}", each.get("color", "good")), f"color {each.get('color')}")
        text(each.get("title"), "title", 255)
        text(each.get("text"), "text", 8000)
        text(each.get("fallback"), "fallback", 8000)
        need(each.get("title_link", "https://").startswith("https://"), "title_link")
    good = all(each.get("color") == "good" for each in body.get("attachments", []))
    return 200, "ok", {"action": "resolve" if good else "trigger", "channel": body["channel"], "text": json.dumps(body)}


def sns(request):
    """Query API: Publish, signed with version 4."""
    need(re.fullmatch(r"AWS4-HMAC-SHA256 Credential=\w+/\d{8}/[a-z0-9-]+/sns/aws4_request, *SignedHeaders=[a-z0-9;-]+, *"
                      r"Signature=[0-9a-f]{64}", request.headers.get("Authorization", "")), "Authorization")
    form = dict(urllib.parse.parse_qsl(request.body.decode(), strict_parsing=True))
    need(form.get("Action") == "Publish" and form.get("Version") == "2010-03-31", f"Action {form.get('Action')}")
    targets = [key for key in ("TopicArn", "TargetArn", "PhoneNumber") if form.get(key)]
    need(len(targets) == 1, f"exactly one target: {targets}")
    if "PhoneNumber" in form:
        need(re.fullmatch(r"\+[1-9]\d{1,14}", form["PhoneNumber"]), "PhoneNumber is E.164")
    else:
        need(re.fullmatch(r"arn:aws:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}", form[targets[0]]), "ARN")
    text(form.get("Message"), "Message", 262144)
    if "Subject" in form:
        need(re.fullmatch(r"[\x21-\x7e][\x20-\x7e]{0,99}", form["Subject"]), f"Subject {form['Subject']!r}")
    return 200, ('<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>1</MessageId>'
                 "</PublishResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></PublishResponse>"), {
        "action": "trigger", "text": form["Message"]}


VENDORS = {"pagerduty": pagerduty, "opsgenie": opsgenie, "slack": slack, "sns": sns}


class Vendors:
    """All of them on two ports of loopback. `received` is a list of dicts: at, vendor, action, text, …"""

    def __init__(self):
        self.received, self.refused = [], []
        self.jira = Jira()
        self._vendors = {**VENDORS, "jira": self.jira}
        self._aliases = {}  # OpsGenie's, which is all that a close names
        self._lock = threading.Lock()
        self._http = Loopback(self._answer)
        self.url = self._http.url
        self._smtp = MailServer(self)
        self.smarthost = "127.0.0.1:%d" % self._smtp.server_address[1]

    def _answer(self, request):
        vendor = request.path.split("/")[1].split("?")[0]
        try:
            need(vendor in self._vendors, f"nobody lives at {request.path}")
            status, answer, kept = self._vendors[vendor](request)
            if kept:
                self.keep(vendor=vendor, **kept)
        except (Refused, AttributeError, KeyError, ValueError) as error:
            self.refused.append(f"{vendor}: {error}")
            status, answer = 400, str(error)
        return status, {"{": "application/json", "<": "text/xml"}.get(answer[:1], "text/plain"), answer

    def keep(self, **what):
        with self._lock:
            if "alias" in what:
                what["text"] = self._aliases.setdefault(what["alias"], "") + what["text"]
                self._aliases[what["alias"]] = what["text"]
            self.received.append({"at": time.monotonic(), **what})

    def of(self, vendor, alert, action="trigger", since=0):
        """What that vendor was told about that alert, since that moment of the monotonic clock."""
        with self._lock:
            return [each for each in self.received if each["vendor"] == vendor and each["action"] == action
                    and each["at"] >= since and alert in each["text"]]

    def __enter__(self):
        self._http.__enter__()
        threading.Thread(target=self._smtp.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._http.__exit__()
        self._smtp.shutdown()
        self._smtp.server_close()


class MailServer(socketserver.ThreadingTCPServer):
    """RFC 5321 as far as a client with AUTH PLAIN or LOGIN needs it."""
    allow_reuse_address = daemon_threads = True

    def __init__(self, vendors):
        self.vendors = vendors
        super().__init__(("127.0.0.1", 0), Mail)


class Mail(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self):
        self.say("220 mail.example.com ESMTP")
        recipients = []
        while line := self.rfile.readline().decode().strip():
            word = line.split(" ")[0].upper()
            if word == "EHLO":
                self.say("250-mail.example.com")
                self.say("250-8BITMIME")
                self.say("250 AUTH PLAIN LOGIN")
            elif word == "AUTH":
                base64.b64decode(line.split(" ")[-1], validate=True)
                self.say("235 2.7.0 accepted")
            elif word == "RCPT":
                recipients.append(line)
                self.say("250 2.1.5 ok")
            elif word == "DATA":
                self.say("354 go on")
                lines = []
                while (data := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(data[1:] if data.startswith(b"..") else data)
                self.receive(b"".join(lines))
                self.say("250 2.0.0 queued")
            elif word == "QUIT":
                self.say("221 2.0.0 bye")
                return
            else:
                self.say("250 2.0.0 ok")

    def receive(self, data):
        message = email.message_from_bytes(data, policy=email.policy.default)
        wrong = [name for name in ("From", "To", "Subject", "Date", "Message-Id") if not message[name]]
        if wrong:
            self.server.vendors.refused.append(f"email without {wrong}")
            return
        body = message.get_body(("plain", "html"))
        subject = str(message["Subject"])
        self.server.vendors.keep(vendor="email", to=str(message["To"]), subject=subject,
                                 action="resolve" if "RESOLVED" in subject.upper() else "trigger",
                                 text=xml.sax.saxutils.unescape(subject + "\n" + (body.get_content() if body else "")))

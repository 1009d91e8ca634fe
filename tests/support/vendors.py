"""PagerDuty, OpsGenie, Slack, Amazon SNS, Jira and a mail server, as far as Alertmanager and the service talk to them. Each checks what it is
sent against the vendor's documented form, answers as the vendor does, and keeps what it got.
"""
import base64
import email
import email.policy
import http.server
import json
import re
import socketserver
import threading
import time
import urllib.parse
import xml.sax.saxutils


class Refused(Exception):
    """What is wrong with a request; the vendor answers 400."""


def need(condition, what):
    if not condition:
        raise Refused(what)


def text(value, what, most, least=1):
    need(isinstance(value, str) and least <= len(value) <= most, f"{what} is a text of {least} to {most} characters: {value!r}")


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


class Jira:
    """REST API version 2 of Jira Cloud, with one project, OPS."""

    def __init__(self):
        self.issues = {}  # key → {fields, done, comments}

    def __call__(self, request):
        need(request.headers.get("Authorization") == "Basic " + base64.b64encode(b"ops@example.com:jira-secret-0123456789").decode(),
             "Authorization")
        path, _, query = request.path.removeprefix("/jira/rest/api/2/").partition("?")
        body = json.loads(request.body) if request.body else {}
        if path == "search/jql":
            asked = urllib.parse.parse_qs(query, strict_parsing=True)
            found = re.fullmatch(r'project = "OPS" AND labels = "([\w-]+)" ORDER BY created DESC', asked["jql"][0])
            need(found and asked["fields"] == ["status"], f"jql {asked}")
            keys = [key for key, issue in self.issues.items() if found.group(1) in issue["fields"]["labels"]]
            return 200, json.dumps({"issues": [{"key": key, "fields": {"status": {"statusCategory": {
                "key": "done" if self.issues[key]["done"] else "new"}}}} for key in keys[-1:]]}), None
        if path == "issue":
            fields = body["fields"]
            need(set(fields) <= {"project", "issuetype", "summary", "description", "labels"}, f"fields {sorted(fields)}")
            need(fields["project"] == {"key": "OPS"} and fields["issuetype"]["name"], "project and issuetype")
            text(fields["summary"], "summary", 255)
            need("\n" not in fields["summary"], "a summary of one line")
            text(fields["description"], "description", 32767)
            need(all(label and " " not in label for label in fields["labels"]), "labels without spaces")
            key = f"OPS-{len(self.issues) + 1}"
            self.issues[key] = {"fields": fields, "done": False, "comments": []}
            return 201, json.dumps({"id": "1", "key": key}), {"action": "trigger", "text": json.dumps(body)}
        key, what = re.fullmatch(r"issue/(OPS-\d+)/(transitions|comment)", path).groups()
        issue = self.issues[key]
        if what == "comment":
            text(body["body"], "comment", 32767)
            issue["comments"].append(body["body"])
            return 201, "{}", None
        if request.command == "GET":
            return 200, json.dumps({"transitions": [
                {"id": "11", "name": "To Do", "to": {"statusCategory": {"key": "new"}}},
                {"id": "31", "name": "Done", "to": {"statusCategory": {"key": "done"}}}]}), None
        need(body["transition"]["id"] in ("11", "31"), "transition")
        issue["done"] = body["transition"]["id"] == "31"
        return 204, "", {"action": "resolve" if issue["done"] else "trigger", "text": issue["fields"]["summary"]}


VENDORS = {"pagerduty": pagerduty, "opsgenie": opsgenie, "slack": slack, "sns": sns}


class Vendors:
    """All of them on two ports of loopback. `received` is a list of dicts: at, vendor, action, text, …"""

    def __init__(self):
        self.received, self.refused = [], []
        self.jira = Jira()
        vendors = {**VENDORS, "jira": self.jira}
        self._aliases = {}  # OpsGenie's, which is all that a close names
        self._lock = threading.Lock()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.do_POST()

            def do_POST(self):
                self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                vendor = self.path.split("/")[1].split("?")[0]
                try:
                    need(vendor in vendors, f"nobody lives at {self.path}")
                    status, answer, kept = vendors[vendor](self)
                    if kept:
                        outer.keep(vendor=vendor, **kept)
                except (Refused, AttributeError, KeyError, ValueError) as error:
                    outer.refused.append(f"{vendor}: {error}")
                    status, answer = 400, str(error)
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer.encode())))
                self.end_headers()
                self.wfile.write(answer.encode())

            def log_message(self, *_):
                pass

        self._http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        self._smtp = MailServer(self)
        self.smarthost = "127.0.0.1:%d" % self._smtp.server_address[1]

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
        for server in (self._http, self._smtp):
            threading.Thread(target=server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        for server in (self._http, self._smtp):
            server.shutdown()
            server.server_close()


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

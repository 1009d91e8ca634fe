"""Jira's REST API, version 2 and the search of version 3, with one project, OPS: Cloud, or with `cloud` off a Data Center, each
with the search that it has. What comes is checked against the documented members of each request.
"""
import base64
import itertools
import json
import re
import urllib.parse

from refusal import need, text

SECRET = "jira-secret-0123456789"
GONE = "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API."
TOKEN = re.compile(r"\s*(?:([()])|\b(and|or)\b|(\w+)\s*(!=|>=|=)\s*(\"(?:[^\"\\]|\\.)*\"|-?\w+)|(\w+)\s+is\s+(EMPTY))", re.I)


def selects(jql, issue):
    """Whether a query of and, or, brackets, =, !=, >= -Nm and `is EMPTY` finds the issue. What is empty is not unequal to
    anything: `resolution != Done` does not find an open issue."""
    tokens, at = [], 0
    while at < len(jql.rstrip()):
        match = TOKEN.match(jql, at)
        need(match, f"jql at {jql[at:]!r}")
        tokens.append(match.groups())
        at = match.end()
    stream = iter([*tokens, None])
    current = next(stream)

    def take():
        nonlocal current
        taken, current = current, next(stream, None)
        return taken

    def joined(word, part, combine):
        results = [part()]
        while current and (current[1] or "").lower() == word:
            take()
            results.append(part())
        return combine(results)

    def one():
        token = take()
        need(token and (token[0] == "(" or token[2] or token[5]), f"jql: {jql}")
        bracket, _, field, sign, wanted, empty, _ = token
        if bracket:
            found = either()
            need((take() or [""])[0] == ")", f"jql: an open bracket in {jql}")
            return found
        value = issue[(field or empty).lower()]
        if empty:
            return not value
        wanted = wanted.strip('"')
        if sign == ">=":  # minutes back; nothing here is older
            need(re.fullmatch(r"-\d+m", wanted), f"jql: {wanted}")
            return bool(value)
        same = wanted in value if isinstance(value, list) else wanted == value
        return same if sign == "=" else bool(value) and not same

    def either():
        return joined("or", lambda: joined("and", one, all), any)

    found = either()
    need(current is None, f"jql: {jql}")
    return found


class Jira:
    def __init__(self, cloud=True):
        self.cloud = cloud
        self.issues = {}  # key → {fields, done, comments}
        self._turn = itertools.count()

    def __call__(self, request):
        need(request.headers.get("Authorization") == "Basic " + base64.b64encode(f"ops@example.com:{SECRET}".encode()).decode(),
             "Authorization")
        where = re.fullmatch(r"/jira/rest/api/(2|3)/([^?]*)(?:\?(.*))?", request.path)
        need(where, request.path)
        version, path, query = where.groups()
        body = json.loads(request.body) if request.body else {}
        if path in ("search", "search/jql"):
            return self._search(path, body if request.command == "POST" else
                                {**{name: values[0] for name, values in urllib.parse.parse_qs(query).items()}})
        need(version == "2", "version 3 wants a description in Atlassian's document format")
        if path == "issue":
            self._check_fields(body)
            key = f"OPS-{len(self.issues) + 1}"
            self.issues[key] = {"fields": body["fields"], "done": False, "comments": [], "turn": next(self._turn)}
            return 201, json.dumps({"id": "1", "key": key, "self": f"/rest/api/2/issue/{key}"}), {
                "action": "trigger", "text": json.dumps(body)}
        key, what = re.fullmatch(r"issue/(OPS-\d+)(?:/(transitions|comment))?", path).groups()
        issue = self.issues[key]
        if what is None:
            need(request.command == "PUT", request.command)
            self._check_fields(body)
            issue["fields"].update(body["fields"])
            return 204, "", {"action": "update", "text": json.dumps(body)}
        if what == "comment":
            text(body["body"], "comment", 32767)
            issue["comments"].append(body["body"])
            return 201, "{}", None
        return self._transitions(request.command, body, issue)

    def _transitions(self, command, body, issue):
        if command == "GET":
            return 200, json.dumps({"transitions": [
                {"id": "11", "name": "To Do", "to": {"statusCategory": {"key": "new"}}},
                {"id": "31", "name": "Done", "to": {"statusCategory": {"key": "done"}}}]}), None
        need(set(body) <= {"transition", "fields", "update", "historyMetadata", "properties"}, f"members {sorted(body)}")
        need(body["transition"]["id"] in ("11", "31"), "transition")
        issue["done"], issue["turn"] = body["transition"]["id"] == "31", next(self._turn)
        return 204, "", {"action": "resolve" if issue["done"] else "trigger", "text": issue["fields"]["summary"]}

    @staticmethod
    def _check_fields(body):
        need(set(body) <= {"fields", "update", "historyMetadata", "properties", "transition"}, f"members {sorted(body)}")
        fields = body["fields"]
        need(set(fields) <= {"project", "issuetype", "summary", "description", "labels", "priority"}, f"fields {sorted(fields)}")
        need(fields["project"] == {"key": "OPS"} and fields["issuetype"]["name"], "project and issuetype")
        text(fields["summary"], "summary", 255)
        need("\n" not in fields["summary"], "a summary of one line")
        text(fields["description"], "description", 32767)
        need(all(label and " " not in label for label in fields["labels"]), "labels without spaces")
        need("priority" not in fields or fields["priority"]["name"] in ("Highest", "High", "Medium", "Low", "Lowest"), "priority")

    def _search(self, path, asked):
        """Cloud closed the old search in 2025; a Data Center knows no other."""
        if self.cloud != (path == "search/jql"):
            return (410, json.dumps({"errorMessages": [GONE]}), None) if self.cloud else (404, "", None)
        allowed = {"jql", "maxResults", "fields", "expand", "properties", "fieldsByKeys"} | (
            {"nextPageToken", "failFast", "reconcileIssues"} if self.cloud else {"startAt", "validateQuery"})
        need(set(asked) <= allowed, f"members {sorted(asked)}")
        need(asked["fields"] in (["status"], "status"), f"fields {asked['fields']}")
        where, _, order = re.fullmatch(r"(.*?)(\s+order by\s+(.*))?", asked["jql"], re.I | re.S).groups()
        found = []
        for key, issue in self.issues.items():
            resolved = issue["done"]
            if selects(where, {"project": "OPS", "labels": issue["fields"]["labels"], "resolution": "Done" if resolved else None,
                               "resolutiondate": resolved, "statuscategory": "Done" if resolved else "To Do"}):
                found.append((key, issue))
        found.sort(key=lambda each: each[1]["turn"], reverse=True)
        if order.lower().startswith("status asc"):
            found.sort(key=lambda each: each[1]["done"])
        issues = [{"id": key[4:], "key": key, "fields": {"status": {
            "name": "Done" if issue["done"] else "To Do", "statusCategory": {"key": "done" if issue["done"] else "new"}}}}
            for key, issue in found]
        some = issues[:int(asked["maxResults"])]
        return 200, json.dumps({"issues": some, "isLast": len(some) == len(issues)} if self.cloud else
                               {"startAt": 0, "maxResults": asked["maxResults"], "total": len(issues), "issues": some}), None

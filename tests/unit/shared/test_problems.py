"""Problem documents: what a person is told, in Vietnamese unless they ask for English."""

from typing import Any, cast

import flask
import marshmallow
import psycopg
import pytest
from marshmallow import fields, validate

from shared.errors import Conflict, Fault, NotFound, Text, Unprocessable
from shared.http import problems
from shared.http.blueprint import Schema

ROW = Text("Ngày sinh ở tương lai.", "The birth date lies in the future.")


class Form(Schema):
    """A form with one member of each kind that people get wrong."""

    name = fields.String(required=True, validate=validate.Length(min=1, max=5))
    day = fields.Date()
    at = fields.AwareDateTime()
    count = fields.Integer(strict=True, validate=validate.Range(1, 10))
    least = fields.Integer(validate=validate.Range(min=2))
    kind = fields.String(validate=validate.OneOf(("branch", "group")))
    email = fields.Email()
    id = fields.UUID()
    points = fields.Dict(keys=fields.String(), values=fields.Float())
    line = fields.String(validate=validate.ContainsNoneOf("\x00"))


@pytest.fixture
def app() -> flask.Flask:
    """An application whose doors only refuse."""
    app = flask.Flask(__name__)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    problems.install(app)
    refusals: dict[str, Exception] = {
        "conflict": Conflict("adopted", Text("Biên bản đã thông qua.", "The minutes are adopted."), source="HD 42"),
        "rows": Unprocessable.of([Fault("members[17].birth_date", "birth-date", ROW, "QĐ 1")]),
        "missing": NotFound("no-unit", Text("Không có đơn vị này.", "There is no such unit.")),
        "away": psycopg.OperationalError("the server is away"),
        "defect": psycopg.errors.UndefinedTable("select * from nguyen_van_a"),
        "bug": RuntimeError("a secret: nguyen_van_a"),
    }

    @app.get("/<name>")
    def refuse(name: str) -> str:
        raise refusals[name]

    return app


def get(app: flask.Flask, name: str, language: str | None = None) -> tuple[Any, dict[str, Any]]:
    answer = app.test_client().get(f"/{name}", headers={"Accept-Language": language} if language else {})
    assert answer.content_type == "application/problem+json"
    return answer, cast("dict[str, Any]", answer.get_json())


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (None, "Biên bản đã thông qua."),
        ("vi", "Biên bản đã thông qua."),
        ("fr", "Biên bản đã thông qua."),
        ("en", "The minutes are adopted."),
        ("en-GB,en;q=0.9,vi;q=0.1", "The minutes are adopted."),
        ("vi,en;q=0.5", "Biên bản đã thông qua."),
    ],
)
def test_a_refusal_speaks_the_readers_language(app: flask.Flask, language: str | None, said: str) -> None:
    answer, problem = get(app, "conflict", language)
    assert problem["detail"] == said
    assert answer.headers["Content-Language"] == ("en" if said.startswith("The") else "vi")
    assert (problem["status"], problem["rule"], problem["source"]) == (409, "adopted", "HD 42")
    assert problem["type"] == "urn:nenep:problem:adopted"


def test_every_row_at_fault_is_named_with_its_rule_and_source(app: flask.Flask) -> None:
    _, problem = get(app, "rows")
    assert problem["status"] == 422
    assert "1 chỗ chưa đúng; chưa có gì được lưu" in problem["detail"]
    assert problem["errors"] == [
        {
            "field": "members[17].birth_date",
            "rule": "birth-date",
            "message": "Ngày sinh ở tương lai.",
            "source": "QĐ 1",
        }
    ]


def test_a_database_that_is_away_asks_to_send_again(app: flask.Flask) -> None:
    answer, problem = get(app, "away")
    assert (problem["status"], problem["rule"], answer.headers["Retry-After"]) == (503, "try-again", "2")


@pytest.mark.parametrize("name", ["defect", "bug"])
def test_a_defect_tells_nothing_of_its_inside(app: flask.Flask, name: str) -> None:
    answer, problem = get(app, name)
    assert (problem["status"], problem["rule"]) == (500, "defect")
    assert "nguyen_van_a" not in answer.text


@pytest.mark.parametrize(
    ("given", "field", "vietnamese"),
    [
        ({}, "name", "Thiếu mục bắt buộc."),
        ({"name": None}, "name", "Không được để trống."),
        ({"name": 3}, "name", "Phải là văn bản."),
        ({"name": ""}, "name", "Độ dài phải từ 1 đến 5."),
        ({"day": "3/7/2026"}, "day", "Phải là ngày, viết như 2025-06-30."),
        ({"at": "2026-07-03T19:30:00"}, "at", "Thời điểm phải kèm múi giờ"),
        ({"count": "many"}, "count", "Phải là số nguyên."),
        ({"count": 11}, "count", "Phải từ 1 đến 10."),
        ({"least": 1}, "least", "Phải từ 2 trở lên."),
        ({"kind": "village"}, "kind", "Phải là một trong: branch, group."),
        ({"email": "nowhere"}, "email", "Phải là một địa chỉ thư điện tử."),
        ({"id": "x"}, "id", "Phải là một mã UUID."),
        ({"phone": "1"}, "phone", "Không có mục này."),
        ({"points": {"time": "five"}}, "points.time", "Phải là số."),
        ({"line": "a\x00"}, "line", "Có ký tự không dùng được."),
    ],
)
def test_what_a_form_gets_wrong_is_said_in_vietnamese(given: dict[str, Any], field: str, vietnamese: str) -> None:
    with pytest.raises(marshmallow.ValidationError) as refused:
        Form().load({"name": "x"} | given if given else {})
    (fault,) = problems.faults_of({"json": refused.value.messages})
    assert fault.field == field
    assert fault.message.vi.startswith(vietnamese)
    assert fault.message.en != fault.message.vi


def test_a_fault_in_a_list_is_found_by_its_row_and_a_rules_own_fault_keeps_its_words() -> None:
    class Rows(Schema):
        rows = fields.List(fields.Nested(Form))

        @marshmallow.validates_schema
        def _whole(self, data: dict[str, Any], **_: object) -> None:
            raise marshmallow.ValidationError(cast(Any, [Fault("rows[0]", "twice", ROW)]))

    with pytest.raises(marshmallow.ValidationError) as refused:
        Rows().load({"rows": [{"name": "x"}, {"name": "x", "count": 99}]})
    assert [fault.field for fault in problems.faults_of({"json": refused.value.messages})] == ["rows[1].count"]

    with pytest.raises(marshmallow.ValidationError) as refused:
        Rows().load({"rows": [{"name": "x"}]})
    (fault,) = problems.faults_of({"json": refused.value.messages})
    assert (fault.field, fault.rule, fault.message) == ("rows[0]", "twice", ROW)

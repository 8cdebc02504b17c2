"""Monitoring: what is scraped, and alerts that name metrics and runbooks which exist."""

import re

import prometheus_client

from shared import metrics
from tests.deploy.manifests import COMPONENT, ROOT, Manifests, Resource, matches, rendered

_NAMES = re.compile(r"\b(nenep_[a-z_]+)\b(?!=)")
_GROUPS = re.compile(r"\bby \(([^)]*)\)")
_TARGET = {"namespace", "pod", "le", "app_kubernetes_io_name", "app_kubernetes_io_component"}


def _alerts() -> list[Resource]:
    rules = rendered("province").of("PrometheusRule")["nenep"]["spec"]["groups"]
    return [rule for group in rules for rule in group["rules"]]


def _declared() -> dict[str, set[str]]:
    """The series each metric of shared/metrics.py gives, and its labels."""
    series = {"histogram": ["_bucket", "_count", "_sum"], "counter": ["_total"], "gauge": [""]}
    declared: dict[str, set[str]] = {}
    for metric in vars(metrics).values():
        if isinstance(metric, prometheus_client.metrics.MetricWrapperBase):
            (family,) = metric.describe()
            for suffix in series[family.type]:
                declared[family.name + suffix] = set(metric._labelnames)
    return declared


def _anchors(page: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", (ROOT / page).read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_apis_are_scraped_through_their_services() -> None:
    province = rendered("province")
    monitor = province.of("ServiceMonitor")["nenep-apis"]["spec"]
    selected = [n for n, s in province.of("Service").items() if matches(monitor["selector"], s["metadata"]["labels"])]
    assert sorted(selected) == sorted(province.of("Service"))
    for name in selected:
        ports = {port["name"] for port in province.of("Service")[name]["spec"]["ports"]}
        assert {endpoint["port"] for endpoint in monitor["endpoints"]} <= ports


def test_loops_are_scraped_where_they_answer() -> None:
    province = rendered("province")
    monitor = province.of("PodMonitor")["nenep-loops"]["spec"]
    for name, pod in province.pods().items():
        labels = pod["metadata"]["labels"]
        assert matches(monitor["selector"], labels) == (labels[COMPONENT] != "api"), name
        if labels[COMPONENT] != "api":
            ports = {port["name"] for port in pod["spec"]["containers"][0]["ports"]}
            assert {endpoint["port"] for endpoint in monitor["podMetricsEndpoints"]} <= ports


def test_scraped_series_carry_the_labels_that_alerts_group_by() -> None:
    province = rendered("province")
    for monitor in (province.of("ServiceMonitor")["nenep-apis"], province.of("PodMonitor")["nenep-loops"]):
        carried = {re.sub(r"[^a-z_]", "_", label) for label in monitor["spec"]["podTargetLabels"]}
        assert carried == {"app_kubernetes_io_name", "app_kubernetes_io_component", "app_kubernetes_io_part_of"}


def test_alerts_name_metrics_and_labels_that_exist() -> None:
    declared = _declared()
    for alert in _alerts():
        expression = alert["expr"]
        named = set(_NAMES.findall(expression))
        assert named <= set(declared), alert["alert"]
        labels = set().union(*(declared[name] for name in named)) | _TARGET
        for group in _GROUPS.findall(expression):
            assert set(group.split(", ")) <= labels, alert["alert"]
        assert expression.count("(") == expression.count(")"), alert["alert"]


def test_every_alert_says_how_bad_it_is_and_what_to_do() -> None:
    for alert in _alerts():
        assert alert["labels"]["severity"] in ("critical", "warning"), alert["alert"]
        assert alert["annotations"]["summary"], alert["alert"]
        page, _, anchor = alert["annotations"]["runbook"].partition("#")
        assert page.startswith("docs/operations/"), alert["alert"]
        assert anchor in _anchors(page), alert["alert"]
        text = (ROOT / page).read_text(encoding="utf-8")
        assert alert["alert"] in text, f"{page} does not name {alert['alert']}"


def test_lag_alone_raises_no_alert() -> None:
    for alert in _alerts():
        if "nenep_consumer_lag_records" in alert["expr"]:
            assert "nenep_merge_events_total" in alert["expr"], alert["alert"]


def test_monitoring_is_chosen_by_the_overlay(manifests: Manifests) -> None:
    assert bool(manifests.of("PrometheusRule")) == (manifests.overlay == "province")

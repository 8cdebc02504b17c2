"""Network policies: closed first, and no service reaches another but through Kafka."""

from tests.deploy.manifests import COMPONENT, NAME, Manifests, Resource, matches

KAFKA = {9092, 9093}
MAIL = {25, 465, 587}
OWN_PORTS = {8000, 9000}


def _rules(manifests: Manifests, labels: dict[str, str], direction: str) -> list[Resource]:
    return [
        rule
        for policy in manifests.of("NetworkPolicy").values()
        if matches(policy["spec"]["podSelector"], labels)
        for rule in policy["spec"].get(direction, [])
    ]


def _ports(rules: list[Resource]) -> set[int]:
    return {port["port"] for rule in rules for port in rule["ports"]}


def test_every_pod_is_closed_both_ways(manifests: Manifests) -> None:
    closed = manifests.of("NetworkPolicy")["nenep-closed"]["spec"]
    assert closed["policyTypes"] == ["Ingress", "Egress"]
    assert not {"ingress", "egress"} & set(closed)
    for name, pod in manifests.pods().items():
        assert matches(closed["podSelector"], pod["metadata"]["labels"]), name


def test_no_service_reaches_another(manifests: Manifests) -> None:
    pods = [pod["metadata"]["labels"] for pod in manifests.pods().values()]
    for labels in pods:
        for rule in _rules(manifests, labels, "ingress"):
            assert all(peer.get("namespaceSelector", {}).get("matchLabels") for peer in rule["from"]), labels
        for rule in _rules(manifests, labels, "egress"):
            if "to" not in rule:
                assert not _ports([rule]) & OWN_PORTS, labels
            for peer in rule.get("to", []):
                assert not any(matches(peer["podSelector"], other) for other in pods), labels


def test_namespaces_let_in_are_not_the_suites_own(manifests: Manifests) -> None:
    (namespace,) = manifests.of("Namespace").values()
    for policy in manifests.of("NetworkPolicy").values():
        for rule in policy["spec"].get("ingress", []):
            for peer in rule["from"]:
                assert not matches(peer["namespaceSelector"], namespace["metadata"]["labels"])


def test_each_process_reaches_what_it_works_with(manifests: Manifests) -> None:
    for name, pod in manifests.pods().items():
        labels = pod["metadata"]["labels"]
        reached = _ports(_rules(manifests, labels, "egress"))
        assert reached >= {53, 5432}, name
        assert (reached & KAFKA == KAFKA) == (labels[COMPONENT] in ("relay", "worker")), name
        assert bool(reached & MAIL) == ((labels[NAME], labels[COMPONENT]) == ("notifications", "worker")), name
        assert (443 in reached) == (labels[COMPONENT] == "api"), name


def test_kafka_lets_in_those_who_may_go_there(manifests: Manifests) -> None:
    (kafka,) = manifests.of("Kafka").values()
    for listener in kafka["spec"]["kafka"]["listeners"]:
        (peer,) = listener["networkPolicyPeers"]
        for name, pod in manifests.pods().items():
            labels = pod["metadata"]["labels"]
            assert matches(peer["podSelector"], labels) == (labels[COMPONENT] in ("relay", "worker")), name

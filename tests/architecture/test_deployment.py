"""The files to deploy with: compose with workers scaled, Kubernetes, systemd; each may do little."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from api.cli.listed import COMMANDS
from api.http.middleware import HEALTH

ROOT: Final = Path(__file__).parents[2]
KUBERNETES: Final = ROOT / "deploy" / "kubernetes"
SYSTEMD: Final = ROOT / "deploy" / "systemd"

WORDS: Final = {"name": str, "labels": {str: str}}
KEY_TO: Final = {"name": str, "mountPath": str, "readOnly": bool}
PROBE: Final = {
    "httpGet": {"path": str, "port": str},
    "exec": {"command": [str]},
    "initialDelaySeconds": int,
    "periodSeconds": int,
    "timeoutSeconds": int,
    "failureThreshold": int,
}
CONTAINER: Final = {
    "name": str,
    "image": str,
    "args": [str],
    "env": [{"name": str, "value": str}],
    "ports": [{"name": str, "containerPort": int}],
    "startupProbe": PROBE,
    "livenessProbe": PROBE,
    "readinessProbe": PROBE,
    "resources": {"requests": {str: str}, "limits": {str: str}},
    "securityContext": {
        "allowPrivilegeEscalation": bool,
        "readOnlyRootFilesystem": bool,
        "capabilities": {"drop": [str]},
    },
    "volumeMounts": [KEY_TO],
}
VOLUME: Final = {
    "name": str,
    "secret": {"secretName": str, "defaultMode": int},
    "persistentVolumeClaim": {"claimName": str},
    "emptyDir": {"sizeLimit": str},
}
TEMPLATE: Final = {
    "metadata": {"labels": {str: str}},
    "spec": {
        "terminationGracePeriodSeconds": int,
        "restartPolicy": str,
        "automountServiceAccountToken": bool,
        "enableServiceLinks": bool,
        "securityContext": {"runAsNonRoot": bool, "fsGroup": int, "seccompProfile": {"type": str}},
        "containers": [CONTAINER],
        "volumes": [VOLUME],
    },
}
KINDS: Final[Mapping[tuple[str, str], Any]] = {
    ("v1", "PersistentVolumeClaim"): {"accessModes": [str], "resources": {"requests": {str: str}}},
    ("v1", "Service"): {"selector": {str: str}, "ports": [{"name": str, "port": int, "targetPort": str}]},
    ("apps/v1", "Deployment"): {
        "replicas": int,
        "strategy": {"type": str},
        "selector": {"matchLabels": {str: str}},
        "template": TEMPLATE,
    },
    ("batch/v1", "Job"): {"backoffLimit": int, "ttlSecondsAfterFinished": int, "template": TEMPLATE},
}
"""Of the kinds that are used every field that may be, with its type: what is not here is a slip of the pen."""


def manifests() -> dict[str, dict[str, Any]]:
    named = yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text())["resources"]
    beside = {"prepare.yaml", "kustomization.yaml"}  # the job runs alone, before everything else
    assert sorted(named) == sorted(one.name for one in KUBERNETES.glob("*.yaml") if one.name not in beside)
    every = [one for name in [*named, "prepare.yaml"] for one in yaml.safe_load_all((KUBERNETES / name).read_text())]
    return {f"{one['kind']} {one['metadata']['name']}": one for one in every}


def pods() -> dict[str, dict[str, Any]]:
    return {name: one["spec"]["template"]["spec"] for name, one in manifests().items() if "template" in one["spec"]}


def slips(value: Any, shape: Any, at: str) -> Iterator[str]:
    """Where a value is not of this shape."""
    if isinstance(shape, dict) and str in shape:
        yield from (f"{at}.{key}" for key, each in value.items() if not isinstance(each, str))
    elif isinstance(shape, dict):
        yield from (f"{at}.{key} is not known" for key in value if key not in shape)
        for key, each in value.items():
            yield from slips(each, shape[key], f"{at}.{key}") if key in shape else ()
    elif isinstance(shape, list):
        for number, each in enumerate(value):
            yield from slips(each, shape[0], f"{at}[{number}]")
    elif type(value) is not shape:
        yield f"{at} is {value!r}"


def test_every_manifest_has_known_fields_of_the_right_type() -> None:
    found = [
        slip
        for name, one in manifests().items()
        for shape in [
            {"apiVersion": str, "kind": str, "metadata": WORDS, "spec": KINDS[one["apiVersion"], one["kind"]]}
        ]
        for slip in slips(one, shape, name)
    ]

    assert found == []
    assert list(slips({"replicas": "3", "replica": 3}, KINDS["apps/v1", "Deployment"], "x")) == [
        "x.replica is not known",
        "x.replicas is '3'",
    ]


@pytest.mark.parametrize("name", ["Job tweeluik-prepare", "Deployment tweeluik-server", "Deployment tweeluik-worker"])
def test_a_pod_runs_as_any_user_on_a_file_system_that_it_cannot_write(name: str) -> None:
    pod = pods()[name]
    (box,) = pod["containers"]
    env = {one["name"]: one["value"] for one in box["env"]}
    mounts = {one["mountPath"]: one for one in box["volumeMounts"]}

    user = re.findall(r"^USER (\d+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert pod["securityContext"] == {
        "runAsNonRoot": True,
        "fsGroup": int(*user),
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    assert [one["secret"]["defaultMode"] for one in pod["volumes"] if "secret" in one] == [0o440]  # for that group
    assert (pod["automountServiceAccountToken"], pod["enableServiceLinks"]) == (False, False)
    assert box["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert {one["name"] for one in box["volumeMounts"]} == {one["name"] for one in pod["volumes"]}
    assert mounts["/etc/tweeluik"]["readOnly"]
    assert env["TWEELUIK_LOG__CHECKPOINTS"] in mounts
    assert {str(Path(each).parent) for key, each in env.items() if key.endswith(("CONFIG", "_FILE"))} == {
        "/etc/tweeluik"
    }
    assert not [key for key in env if re.search("PASSWORD|SECRET|TOKEN|TWEELUIK_KEY$", key)]
    assert box["args"][0] in COMMANDS


def test_probes_ask_what_exists() -> None:
    (server,) = pods()["Deployment tweeluik-server"]["containers"]
    (worker,) = pods()["Deployment tweeluik-worker"]["containers"]
    probes = [server[kind]["httpGet"] for kind in ("startupProbe", "livenessProbe", "readinessProbe")]

    assert [one["path"] for one in probes] == ["/healthz", "/healthz", "/readyz"]
    assert {one["path"] for one in probes} == set(HEALTH)
    assert {one["port"] for one in probes} == {server["ports"][0]["name"]}
    assert server["args"][server["args"].index("--port") + 1] == str(server["ports"][0]["containerPort"])
    assert not [kind for kind in worker if kind.endswith("Probe")]  # a database that is away ends no run


def test_no_older_version_runs_beside_a_newer_one() -> None:
    deployments = [one["spec"] for one in manifests().values() if one["kind"] == "Deployment"]

    assert [one["strategy"] for one in deployments] == 2 * [{"type": "Recreate"}]


def test_selectors_find_their_pods_and_no_other() -> None:
    every = manifests()
    labels = {
        name: one["spec"]["template"]["metadata"]["labels"] for name, one in every.items() if "template" in one["spec"]
    }
    server, worker = "Deployment tweeluik-server", "Deployment tweeluik-worker"

    for name in (server, worker):
        assert every[name]["spec"]["selector"]["matchLabels"] == labels[name]
    found = [
        name for name, own in labels.items() if every["Service tweeluik"]["spec"]["selector"].items() <= own.items()
    ]
    assert found == [server]
    assert every["PersistentVolumeClaim tweeluik-checkpoints"]["spec"]["accessModes"] == ["ReadWriteMany"]


def test_compose_may_have_any_number_of_workers() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    worker = services["worker"]

    assert not {"container_name", "ports", "hostname"} & worker.keys()  # of these there is one
    assert worker["command"] == ["worker"]
    assert worker["depends_on"]["serve"] == {"condition": "service_healthy"}  # which makes what is made once
    assert worker["depends_on"]["postgres"] == {"condition": "service_healthy"}
    assert worker["volumes"] == services["serve"]["volumes"]
    assert worker["stop_grace_period"] == "1h"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not on this machine")
def test_units_are_sound_and_may_do_little(tmp_path: Path) -> None:
    units = sorted(SYSTEMD.glob("*.service"))
    for one in units:
        (tmp_path / one.name).write_text(one.read_text().replace("/opt/tweeluik/bin/tweeluik", "/bin/true"))
    there = [str(tmp_path / one.name) for one in units]
    told = subprocess.run(["systemd-analyze", "verify", *there], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr) == (0, "")

    judged = ["systemd-analyze", "security", "--offline=true", "--threshold=20", there[0]]
    assert subprocess.run(judged, capture_output=True, check=False).returncode == 0


def test_a_command_of_the_operators_is_given_what_the_service_is_given(tmp_path: Path) -> None:
    stand_in = tmp_path / "systemd-run"
    stand_in.write_text('#!/bin/sh\nprintf "%s\\0" "$@"\n')
    stand_in.chmod(0o755)
    command = ["sh", str(SYSTEMD / "command.sh"), "sync", "--entity", "a b"]
    path = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    said = subprocess.run(command, env=path, capture_output=True, text=True, check=True).stdout.split("\0")
    unit = (SYSTEMD / "tweeluik.service").read_text().splitlines()

    given = {one.removeprefix("--property=") for one in said if one.startswith("--property=")}
    assert given <= set(unit)
    assert {line for line in unit if line.startswith("LoadCredential=")} <= given
    assert said[-5:-1] == ["tweeluik", "sync", "--entity", "a b"]
    named = {line.removeprefix("Environment=").partition("=")[0] for line in unit if line.startswith("Environment=")}
    assert all(f"{name}=" in said[-6] for name in named)


@pytest.mark.parametrize("name", ["tweeluik.service", "tweeluik-worker@.service"])
def test_a_unit_is_given_its_secrets_and_keeps_its_state(name: str) -> None:
    lines = (SYSTEMD / name).read_text().splitlines()

    assert {"DynamicUser=yes", "ProtectSystem=strict", "StateDirectory=tweeluik", "NoNewPrivileges=yes"} <= set(lines)
    credentials = {line.partition("=")[2].partition(":")[0] for line in lines if line.startswith("LoadCredential=")}
    used = {match for line in lines for match in re.findall(r"%d/(\S+)", line)}
    assert used == credentials == {"tweeluik.toml", "key", "signing-key"}
    (begins,) = [line for line in lines if line.startswith("ExecStart=")]
    assert begins.split()[1] in COMMANDS

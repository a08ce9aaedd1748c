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
TENANTS: Final = KUBERNETES / "tenants"
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
    "command": [str],
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
    "projected": {"defaultMode": int, "sources": [{"secret": {"name": str}}]},
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


BOTH: Final = pytest.mark.parametrize("folder", [KUBERNETES, TENANTS], ids=["one customer", "many"])
PODS: Final = ("Job tweeluik-prepare", "Deployment tweeluik-server", "Deployment tweeluik-worker")


def manifests(folder: Path) -> dict[str, dict[str, Any]]:
    named = yaml.safe_load((folder / "kustomization.yaml").read_text())["resources"]
    beside = {"prepare.yaml", "kustomization.yaml"}  # the job runs alone, before everything else
    assert sorted(named) == sorted(one.name for one in folder.glob("*.yaml") if one.name not in beside)
    every = [one for name in [*named, "prepare.yaml"] for one in yaml.safe_load_all((folder / name).read_text())]
    return {f"{one['kind']} {one['metadata']['name']}": one for one in every}


def pods(folder: Path) -> dict[str, dict[str, Any]]:
    return {
        name: one["spec"]["template"]["spec"] for name, one in manifests(folder).items() if "template" in one["spec"]
    }


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


@BOTH
def test_every_manifest_has_known_fields_of_the_right_type(folder: Path) -> None:
    found = [
        slip
        for name, one in manifests(folder).items()
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


@BOTH
@pytest.mark.parametrize("name", PODS)
def test_a_pod_runs_as_any_user_on_a_file_system_that_it_cannot_write(folder: Path, name: str) -> None:
    pod = pods(folder)[name]
    (box,) = pod["containers"]

    user = re.findall(r"^USER (\d+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert pod["securityContext"] == {
        "runAsNonRoot": True,
        "fsGroup": int(*user),
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    secrets = [one.get("secret") or one.get("projected") for one in pod["volumes"]]
    assert [one["defaultMode"] for one in secrets if one] == [0o440]  # for that group
    assert (pod["automountServiceAccountToken"], pod["enableServiceLinks"]) == (False, False)
    assert box["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert {one["name"] for one in box["volumeMounts"]} == {one["name"] for one in pod["volumes"]}
    assert not [key for key in environment(box) if re.search("PASSWORD|SECRET|TOKEN|TWEELUIK_KEY$", key)]


@pytest.mark.parametrize("name", PODS)
def test_the_pods_of_one_customer_find_its_files(name: str) -> None:
    (box,) = pods(KUBERNETES)[name]["containers"]
    env, mounts = environment(box), {one["mountPath"]: one for one in box["volumeMounts"]}

    assert mounts["/etc/tweeluik"]["readOnly"]
    assert env["TWEELUIK_LOG__CHECKPOINTS"] in mounts
    assert {str(Path(each).parent) for key, each in env.items() if key.endswith(("CONFIG", "_FILE"))} == {
        "/etc/tweeluik"
    }
    assert box["args"][0] in COMMANDS


@pytest.mark.parametrize("name", PODS)
def test_the_pods_of_many_customers_find_their_folder_and_are_told_nothing_that_would_hold_for_all(name: str) -> None:
    (box,) = pods(TENANTS)[name]["containers"]
    env, mounts = environment(box), {one["mountPath"]: one for one in box["volumeMounts"]}

    assert env == {"TWEELUIK_TENANTS": "/etc/tweeluik/tenants", "HOME": "/tmp"}
    assert mounts[env["TWEELUIK_TENANTS"]]["readOnly"]
    if "command" not in box:
        assert box["args"][0] in COMMANDS
        assert box["args"][1:3] == ["--tenants", env["TWEELUIK_TENANTS"]]


def environment(box: Mapping[str, Any]) -> dict[str, str]:
    return {one["name"]: one["value"] for one in box["env"]}


def test_the_job_prepares_every_tenant_and_fails_where_one_did(tmp_path: Path) -> None:
    (box,) = pods(TENANTS)["Job tweeluik-prepare"]["containers"]
    stand_in = tmp_path / "tweeluik"
    stand_in.write_text('#!/bin/sh\necho "$@" >>"$HOME/said"\n[ "$2" != tulp ]\n')
    stand_in.chmod(0o755)
    tenants = tmp_path / "tenants"
    tenants.mkdir()
    for name, text in {"operator": "", "lelie": "", "roos": "[[legal_entity]]", "tulp": "[[legal_entity]]"}.items():
        (tenants / f"{name}.toml").write_text(f"[log]\n{text}\n")
        (tenants / f"{name}.secrets.toml").touch()

    def prepared() -> int:
        env = {"PATH": f"{tmp_path}:/usr/bin:/bin", "TWEELUIK_TENANTS": str(tenants), "HOME": str(tmp_path)}
        return subprocess.run([*box["command"], *box["args"]], env=env, capture_output=True, check=False).returncode

    failed = prepared()
    (tenants / "tulp.toml").unlink()

    assert (failed, prepared()) == (1, 0)
    rebuilt = ["--tenant roos rebuild", "--tenant tulp rebuild", "--tenant roos rebuild"]
    assert (tmp_path / "said").read_text().splitlines() == rebuilt


@BOTH
def test_probes_ask_what_exists(folder: Path) -> None:
    (server,) = pods(folder)["Deployment tweeluik-server"]["containers"]
    (worker,) = pods(folder)["Deployment tweeluik-worker"]["containers"]
    probes = [server[kind]["httpGet"] for kind in ("startupProbe", "livenessProbe", "readinessProbe")]

    assert [one["path"] for one in probes] == ["/healthz", "/healthz", "/readyz"]
    assert {one["path"] for one in probes} == set(HEALTH)
    assert {one["port"] for one in probes} == {server["ports"][0]["name"]}
    assert server["args"][server["args"].index("--port") + 1] == str(server["ports"][0]["containerPort"])
    assert not [kind for kind in worker if kind.endswith("Probe")]  # a database that is away ends no run


@BOTH
def test_no_older_version_runs_beside_a_newer_one(folder: Path) -> None:
    deployments = [one["spec"] for one in manifests(folder).values() if one["kind"] == "Deployment"]

    assert [one["strategy"] for one in deployments] == 2 * [{"type": "Recreate"}]


@BOTH
def test_selectors_find_their_pods_and_no_other(folder: Path) -> None:
    every = manifests(folder)
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


@BOTH
def test_every_pod_writes_its_checkpoints_to_the_disk_that_all_may_write(folder: Path) -> None:
    (claim,) = (one for one in manifests(KUBERNETES).values() if one["kind"] == "PersistentVolumeClaim")
    named = [one["persistentVolumeClaim"]["claimName"] for pod in pods(folder).values() for one in pod["volumes"]
             if "persistentVolumeClaim" in one]  # fmt: skip

    assert claim["spec"]["accessModes"] == ["ReadWriteMany"]
    assert named == 3 * [claim["metadata"]["name"]]


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not on this machine")
@BOTH
def test_kustomize_reads_them_as_we_do(folder: Path) -> None:
    built = subprocess.run(["kubectl", "kustomize", str(folder)], capture_output=True, text=True, check=True).stdout

    told = {f"{one['kind']} {one['metadata']['name']}": one for one in yaml.safe_load_all(built)}
    assert told == {name: one for name, one in manifests(folder).items() if one["kind"] != "Job"}


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("docker-compose.yml", []),
        ("docker-compose.tenants.yml", ["--tenants", "/etc/tweeluik/tenants"]),
    ],
)
def test_compose_may_have_any_number_of_workers(file: str, words: list[str]) -> None:
    services = yaml.safe_load((ROOT / file).read_text())["services"]
    worker = services["worker"]

    assert not {"container_name", "ports", "hostname"} & worker.keys()  # of these there is one
    assert worker["command"][: 1 + len(words)] == ["worker", *words]
    assert services["serve"]["command"][: 1 + len(words)] == ["serve", *words]
    assert worker["depends_on"]["serve"] == {"condition": "service_healthy"}  # which makes what is made once
    assert worker["depends_on"]["postgres"] == {"condition": "service_healthy"}
    assert worker["volumes"] == services["serve"]["volumes"]
    assert worker["stop_grace_period"] == "1h"


@pytest.mark.parametrize("file", ["docker-compose.yml", "docker-compose.tenants.yml"])
def test_compose_mounts_what_is_there(file: str) -> None:
    told = yaml.safe_load((ROOT / file).read_text())
    every = [each for one in told["services"].values() for each in one.get("volumes", ())]

    sources = {each.rsplit(":", 2 if each.endswith(":ro") else 1)[0] for each in every}
    ours = {each for each in sources if each.startswith("./")}
    assert {each for each in ours if not (ROOT / each).is_file()} == set()
    assert sources - ours <= {*told["volumes"], "${TWEELUIK_TENANTS:-./tenants}"}
    assert {each for one in told["services"].values() for each in one.get("secrets", ())} == set(told["secrets"])


def test_many_customers_are_told_nothing_by_compose_that_would_hold_for_all() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.tenants.yml").read_text())["services"]

    for one in (services["serve"], services["worker"]):
        assert one["environment"] == {"TWEELUIK_TENANTS": "/etc/tweeluik/tenants", "HOME": "/tmp"}
        assert (one["read_only"], one["tmpfs"]) == (True, "/tmp")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not on this machine")
def test_units_are_sound_and_may_do_little(tmp_path: Path) -> None:
    units = sorted(SYSTEMD.glob("*.service"))
    for one in units:
        (tmp_path / one.name).write_text(one.read_text().replace("/opt/tweeluik/bin/tweeluik", "/bin/true"))
    there = [str(tmp_path / one.name) for one in units]
    told = subprocess.run(["systemd-analyze", "verify", *there], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr) == (0, "")

    for each in there:
        judged = ["systemd-analyze", "security", "--offline=true", "--threshold=20", each]
        assert subprocess.run(judged, capture_output=True, check=False).returncode == 0


def told_to_systemd(script: str, folder: Path) -> list[str]:
    """What `systemd-run` is asked for by `sync --entity "a b"`."""
    stand_in = folder / "systemd-run"
    stand_in.write_text('#!/bin/sh\nprintf "%s\\0" "$@"\n')
    stand_in.chmod(0o755)
    command = ["sh", str(SYSTEMD / script), "sync", "--entity", "a b"]
    path = {"PATH": f"{folder}:/usr/bin:/bin"}
    return subprocess.run(command, env=path, capture_output=True, text=True, check=True).stdout.split("\0")


def test_a_command_for_tenants_is_given_what_their_services_are_given(tmp_path: Path) -> None:
    said = told_to_systemd("tenants-command.sh", tmp_path)
    given = {one.removeprefix("--property=") for one in said if one.startswith("--property=")}

    for name in ("tweeluik-tenants.service", "tweeluik-tenants-worker@.service"):
        assert given <= set((SYSTEMD / name).read_text().splitlines())
    assert {line.partition("=")[0] for line in given} >= {"DynamicUser", "User", "StateDirectory", "Environment"}
    assert said[-5:-1] == ["/opt/tweeluik/bin/tweeluik", "sync", "--entity", "a b"]


def test_a_command_of_the_operators_is_given_what_the_service_is_given(tmp_path: Path) -> None:
    said = told_to_systemd("command.sh", tmp_path)
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


@pytest.mark.parametrize("name", ["tweeluik-tenants.service", "tweeluik-tenants-worker@.service"])
def test_a_unit_for_tenants_keeps_them_in_its_state_and_is_told_nothing_that_would_hold_for_all(name: str) -> None:
    lines = (SYSTEMD / name).read_text().splitlines()

    assert {"DynamicUser=yes", "ProtectSystem=strict", "NoNewPrivileges=yes"} <= set(lines)
    assert "StateDirectory=tweeluik tweeluik/tenants" in lines
    told = [line for line in lines if line.startswith(("Environment=", "LoadCredential="))]
    assert told == ["Environment=TWEELUIK_TENANTS=%S/tweeluik/tenants"]
    (begins,) = [line.split() for line in lines if line.startswith("ExecStart=")]
    assert begins[1] in COMMANDS
    assert begins[2:4] == ["--tenants", "%S/tweeluik/tenants"]

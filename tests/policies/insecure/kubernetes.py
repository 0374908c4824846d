"""A careless program for any Kubernetes cluster: what a hurried team might write, with most of what the policy pack knows to be wrong."""

# A stranger writes dictionaries for arguments and builds them by hand.
# pyright: basic, reportArgumentType=false, reportCallIssue=false
import pulumi_kubernetes as k8s

RBAC = "rbac.authorization.k8s.io"
IMAGE = "ghcr.io/acme/model:latest"
GPU = {"limits": {"nvidia.com/gpu": 1}}


def named(name, space="search", **more):
    return {"name": name, "namespace": space, **more}


def template(labels, **pod):
    return {"metadata": {"labels": labels}, "spec": pod}


# Who may do what.
k8s.rbac.v1.ClusterRole(
    "everything",
    metadata={"name": "everything"},
    rules=[
        {"api_groups": ["*"], "resources": ["*"], "verbs": ["*"]},
        {"api_groups": [RBAC], "resources": ["clusterroles"], "verbs": ["escalate", "bind"]},
        {"api_groups": [""], "resources": ["serviceaccounts"], "verbs": ["impersonate"]},
        {"api_groups": [""], "resources": ["secrets"], "verbs": ["list"]},
        {"api_groups": [""], "resources": ["pods/exec", "serviceaccounts/token"], "verbs": ["create"]},
        {"api_groups": [""], "resources": ["nodes/proxy"], "verbs": ["get"]},
        {"api_groups": ["certificates.k8s.io"], "resources": ["certificatesigningrequests/approval"], "verbs": ["update"]},
        {"api_groups": ["admissionregistration.k8s.io"], "resources": ["validatingwebhookconfigurations"], "verbs": ["patch"]},
        {"api_groups": [""], "resources": ["services/status"], "verbs": ["patch"]},
        {"api_groups": [RBAC], "resources": ["rolebindings"], "verbs": ["create"]},
        {"api_groups": [""], "resources": ["persistentvolumes"], "verbs": ["create"]},
        {"api_groups": ["networking.k8s.io"], "resources": ["networkpolicies"], "verbs": ["delete"]},
        {"api_groups": ["apps"], "resources": ["deployments"], "verbs": ["create"]},
        {"api_groups": [""], "resources": ["configmaps"], "verbs": ["*"]},
        {"api_groups": [""], "resources": ["*"], "verbs": ["get"]},
    ],
)
admin = {"api_group": RBAC, "kind": "ClusterRole", "name": "cluster-admin"}
k8s.rbac.v1.ClusterRoleBinding(
    "admins",
    metadata={"name": "admins"},
    role_ref=admin,
    subjects=[
        {"kind": "ServiceAccount", "name": "default", "namespace": "search"},
        {"api_group": RBAC, "kind": "Group", "name": "system:authenticated"},
        {"api_group": RBAC, "kind": "User", "name": "ada"},
    ],
)
k8s.core.v1.ServiceAccount("default", metadata=named("default"))

# The namespace, what guards it, and what stands in none.
k8s.core.v1.Namespace("search", metadata={"name": "search"})
k8s.core.v1.ResourceQuota("search", metadata=named("quota"), spec={"hard": {"requests.cpu": "1", "pods": "2"}})
k8s.core.v1.LimitRange("search", metadata=named("range"), spec={"limits": [{"type": "Container", "max": {"memory": "4Gi"}}]})
k8s.core.v1.Namespace("vision", metadata={"name": "vision"})
k8s.networking.v1.NetworkPolicy(
    "anybody",
    metadata=named("anybody"),
    spec={
        "pod_selector": {"match_labels": {"app": "web"}},
        "policy_types": ["Ingress", "Egress"],
        "ingress": [{"from_": [{"ip_block": {"cidr": "0.0.0.0/0"}}]}],
        "egress": [{}],
    },
)
k8s.core.v1.ConfigMap("settings", metadata={"name": "settings"}, data={"db-password": "hunter2"})

# What serves, and what is in front of it.
k8s.apps.v1.Deployment(
    "web",
    metadata=named("web", labels={"stage": "prod"}),
    spec={
        "selector": {"match_labels": {"app": "web"}},
        "strategy": {"type": "Recreate"},
        "template": template(
            {"app": "web"},
            containers=[
                {
                    "name": "main",
                    "image": IMAGE,
                    "image_pull_policy": "IfNotPresent",
                    "env": [
                        {"name": "DB_PASSWORD", "value": "hunter2"},
                        {"name": "TOKEN", "value_from": {"secret_key_ref": {"name": "hub", "key": "token"}}},
                    ],
                    "ports": [{"container_port": 80, "host_port": 80}],
                    "security_context": {
                        "privileged": True,
                        "proc_mount": "Unmasked",
                        "capabilities": {"add": ["SYS_ADMIN", "SYS_PTRACE"]},
                        "app_armor_profile": {"type": "Unconfined"},
                        "windows_options": {"host_process": True},
                    },
                }
            ],
            host_pid=True,
            host_ipc=True,
            host_network=True,
            security_context={"sysctls": [{"name": "kernel.msgmax", "value": "65536"}]},
            volumes=[{"name": "engine", "host_path": {"path": "/var/run/docker.sock"}}],
            node_selector={"karpenter.sh/capacity-type": "spot"},
        ),
    },
)
k8s.core.v1.Service("web", metadata=named("web"), spec={"type": "LoadBalancer", "selector": {"app": "web"}, "ports": [{"port": 80}]})
k8s.core.v1.Service(
    "node",
    metadata=named("node"),
    spec={"type": "NodePort", "external_ips": ["198.51.100.1"], "selector": {"app": "web"}, "ports": [{"port": 80}]},
)
snippet = {"nginx.ingress.kubernetes.io/server-snippet": "return 200;"}
k8s.networking.v1.Ingress(
    "web",
    metadata=named("web", annotations=snippet),
    spec={"default_backend": {"service": {"name": "web", "port": {"number": 80}}}},
)
k8s.apiextensions.CustomResource(
    "gateway",
    api_version="gateway.networking.k8s.io/v1",
    kind="Gateway",
    metadata=named("gateway"),
    spec={"gatewayClassName": "any", "listeners": [{"name": "http", "port": 80, "protocol": "HTTP"}]},
)
k8s.apps.v1.Deployment(
    "api",
    metadata=named("api", labels={"stage": "prod"}),
    spec={
        "replicas": 3,
        "selector": {"match_labels": {"app": "api"}},
        "template": template({"app": "api"}, containers=[{"name": "main", "image": "gateway:1.4.2"}]),
    },
)
k8s.policy.v1.PodDisruptionBudget("web", metadata=named("web"), spec={"selector": {"match_labels": {"app": "web"}}, "max_unavailable": 0})
k8s.autoscaling.v2.HorizontalPodAutoscaler(
    "api",
    metadata=named("api"),
    spec={
        "scale_target_ref": {"api_version": "apps/v1", "kind": "Deployment", "name": "api"},
        "min_replicas": 3,
        "max_replicas": 3,
        "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "average_utilization": 60}}}],
    },
)

# Work, with accelerators and without.
k8s.core.v1.Pod("once", metadata=named("once", "vision"), spec={"containers": [{"name": "main", "image": IMAGE}]})
k8s.apps.v1.Deployment(
    "gpu",
    metadata=named("gpu", labels={"stage": "dev"}),
    spec={
        "replicas": 2,
        "selector": {"match_labels": {"app": "gpu"}},
        "template": template({"app": "gpu"}, containers=[{"name": "main", "image": IMAGE, "resources": GPU}]),
    },
)
k8s.core.v1.Pod(
    "halves",
    metadata=named("halves"),
    spec={
        "containers": [
            {
                "name": "main",
                "image": IMAGE,
                "resources": {"requests": {"nvidia.com/gpu": 1, "memory": "8Gi"}, "limits": {"nvidia.com/gpu": 2, "memory": "8Gi"}},
            }
        ]
    },
)
k8s.batch.v1.Job(
    "train", metadata=named("train"), spec={"template": template({}, containers=[{"name": "main", "image": IMAGE, "resources": GPU}])}
)
k8s.batch.v1.CronJob(
    "nightly",
    metadata=named("nightly"),
    spec={
        "schedule": "0 2 * * *",
        "job_template": {"spec": {"template": template({}, containers=[{"name": "main", "image": IMAGE, "resources": GPU}])}},
    },
)
k8s.batch.v1.Job(
    "clean",
    metadata=named("clean"),
    spec={
        "template": template(
            {},
            containers=[{"name": "main", "image": IMAGE, "resources": {"requests": {"cpu": "4"}}}],
            node_selector={"cloud.google.com/gke-accelerator": "nvidia-l4"},
            tolerations=[{"key": "nvidia.com/gpu", "operator": "Exists"}],
        )
    },
)
k8s.apiextensions.CustomResource(
    "endless",
    api_version="karpenter.sh/v1",
    kind="NodePool",
    metadata={"name": "endless"},
    spec={
        "template": {
            "spec": {
                "nodeClassRef": {"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": "default"},
                "requirements": [{"key": "node.kubernetes.io/instance-type", "operator": "In", "values": ["g5.xlarge"]}],
            }
        }
    },
)

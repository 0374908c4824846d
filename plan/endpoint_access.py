"""Who may call an endpoint, and from where."""

import re
from collections.abc import Mapping

from environment.endpoint import Access, Tls
from environment.model import Environment
from plan.endpoint_capabilities import COLUMNS, ability
from plan.endpoint_refusals import allows
from plan.endpoint_request import EndpointRequest
from plan.model import AccessPlan, OidcPlan
from plan.scope import wants_network

# The word of network.privateEndpoints by which Azure Machine Learning is reached; production has it unless the file says otherwise.
_AZURE_SERVICE = "ml"
_AUTHENTICATIONS = ("iam", "keys", "oidc")
# The form of a member, in words and as a pattern, and whose rule it is.
_MEMBERS: Mapping[str, tuple[str, re.Pattern[str], str]] = {
    "sageMaker": (
        "the ARN of a role or user, such as arn:aws:iam::123456789012:role/NAME",
        re.compile(r"^arn:aws[a-z-]*:iam::\d{12}:(role|user)/[\w+=,.@/-]+$"),
        "AWS IAM, IAM identifiers: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html",
    ),
    "vertexAi": (
        "user:, group:, serviceAccount: or domain: and a name",
        re.compile(r"^(user:|group:|serviceAccount:)[^@\s]+@[^@\s]+\.[^@\s]+$|^domain:[^@\s]+\.[^@\s]+$"),
        "Google Cloud, Principal identifiers: https://cloud.google.com/iam/docs/principal-identifiers",
    ),
    "azureMl": (
        "the object id of a user, group or service principal in Microsoft Entra",
        re.compile(r"^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$"),
        "Microsoft Learn, Steps to assign an Azure role: https://learn.microsoft.com/azure/role-based-access-control/role-assignments-steps",
    ),
}
_ANYBODY = re.compile(r"^(allUsers|allAuthenticatedUsers|\*|arn:aws[a-z-]*:iam::\*:.*)$")
# Where a certificate of Google's lies: a load balancer on the internet takes one of Compute Engine or a map of Certificate Manager, one in
# a network takes either's own, of its region.
_PUBLIC_CERTIFICATE = "projects/PROJECT/global/sslCertificates/NAME or projects/PROJECT/locations/global/certificateMaps/NAME"
_PRIVATE_CERTIFICATE = "projects/PROJECT/locations/{region}/certificates/NAME or projects/PROJECT/regions/{region}/sslCertificates/NAME"
_GOOGLE_CERTIFICATES = (
    "Google Cloud, SSL certificates overview, supported load balancers: https://cloud.google.com/load-balancing/docs/ssl-certificates"
)
_SECRET = re.compile(r"^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$")
_SECRETS = "Kubernetes documentation, TLS secrets: https://kubernetes.io/docs/concepts/configuration/secret/#tls-secrets"
_DEFAULTS: Mapping[str, tuple[str, str]] = {
    "sageMaker": ("iam", "requests are signed by IAM identities"),
    "vertexAi": ("iam", "callers are Google Cloud's identities"),
    "cloudRun": ("iam", "callers are Google Cloud's identities"),
    "azureMl": ("iam", "Microsoft Entra's tokens end by themselves, and keys do not"),
    "kubernetes": ("network", "it is reached from within the cluster, by those whom network policies let in"),
}


def plan_access(request: EndpointRequest, column: str) -> AccessPlan:
    """Who may call, private and authenticated unless the file says otherwise; faults what is open, or what the platform cannot do."""
    wish = request.endpoint.access or Access()
    platform = "kubernetes" if column == "gke" else column
    authentication = _authentication(request, column, platform, wish)
    if "public" not in wish.model_fields_set:
        reason = "what nobody opened is reached from within the network alone"
        request.decide("access.public", False, reason, ability(column, "private").source)
    _check_reachable(request, column, wish)
    _check_public(request, column, wish, authentication)
    _check_tls(request, column, wish)
    _check_limits(request, column, wish)
    _check_members(request, column, platform, wish)
    return AccessPlan(
        public=wish.public,
        authentication=authentication,
        oidc=OidcPlan(issuer=wish.oidc.issuer, audiences=wish.oidc.audiences) if wish.oidc else None,
        members=wish.members,
        host=wish.tls.host if wish.tls else None,
        certificate=wish.tls.certificate if wish.tls else None,
        rate_limit_per_second=wish.rate_limit_per_second,
        web_application_firewall=wish.web_application_firewall,
    )


def _authentication(request: EndpointRequest, column: str, platform: str, wish: Access) -> str:
    default, reason = _DEFAULTS[platform]
    asked = wish.authentication
    if asked is None:
        if wish.oidc is not None and ability(column, "oidc").can:
            request.decide("access.authentication", "oidc", "the file names an issuer of tokens")
            allows(request, column, "oidc", "access.oidc", wish.oidc.issuer, fix="remove oidc")
            return "oidc"
        if wish.oidc is not None:
            allows(request, column, "oidc", "access.oidc", wish.oidc.issuer, fix="remove oidc")
        request.decide("access.authentication", default, reason, ability(column, default).source)
        return default
    instead = next((word for word in _AUTHENTICATIONS if ability(column, word).can), "")
    fix = f"write authentication: {instead}, or remove it" if instead else "remove authentication"
    if not allows(request, column, asked, "access.authentication", asked, fix=fix):
        return asked
    if asked == "oidc" and wish.oidc is None:
        problem = "names no issuer whose tokens are let in"
        request.fault("access.oidc", None, problem, allowed="issuer and audiences", fix="add oidc: {issuer: https://…, audiences: […]}")
    if asked != "oidc" and wish.oidc is not None:
        problem = f"has no effect, as callers are known by {asked}"
        fix = "remove oidc, or write authentication: oidc"
        request.fault("access.oidc", wish.oidc.issuer, problem, allowed="left out", fix=fix)
    return asked


def _check_reachable(request: EndpointRequest, column: str, wish: Access) -> None:
    """Faults a private endpoint that nobody could reach: there is no network, or it has no address there."""
    found = ability(column, "private")
    if wish.public or found.needs != "network":
        return
    if not wants_network(request.environment):
        problem = "is private, and this environment has no network from which it would be reached"
        fix = "add network: {}, or write access: {public: true}"
        request.fault("access.public", False, problem, allowed="false with a network, or true", fix=fix, source=found.source)
    elif column == "azureMl" and not _has_address(request.environment):
        problem = "is private, and the network has no private endpoint for it"
        fix = "add ml to network.privateEndpoints, or write access: {public: true}"
        request.fault("access.public", False, problem, allowed="false with ml in network.privateEndpoints", fix=fix, source=found.source)


def _has_address(environment: Environment) -> bool:
    """Whether the workspace gets an address in the network; in one that is there already its owners gave it one."""
    network = environment.network
    if network is not None and network.existing is not None:
        return True
    if network is None or network.private_endpoints is None:
        return environment.stage == "prod"
    return _AZURE_SERVICE in network.private_endpoints


def _check_public(request: EndpointRequest, column: str, wish: Access, authentication: str) -> None:
    if not wish.public:
        return
    if not allows(request, column, "public", "access.public", True, fix="write public: false"):
        return
    if authentication == "network":
        problem = "is open to the internet, and asks nobody who they are"
        fix = "add authentication: oidc with an issuer, or write public: false"
        request.fault("access.authentication", None, problem, allowed="oidc", fix=fix)
    if ability(column, "public").needs == "gateway" and wish.tls is None:
        problem = "is open to the internet, and its requests could be read on the way"
        fix = "add tls: {host: …, certificate: …}, or write public: false"
        request.fault("access.tls", None, problem, allowed="host and certificate", fix=fix, source=ability(column, "tls").source)
    limited = wish.rate_limit_per_second is not None or wish.web_application_firewall is not None
    # A load balancer or gateway of one's own is open to whoever sends; a platform's own address has the platform's limits.
    owned = wish.tls is not None or ability(column, "public").needs == "gateway"
    if ability(column, "rateLimit").can and owned and not limited:
        problem = "is open to the internet, and anybody may make it as busy as they like"
        fix = "add rateLimitPerSecond, or write public: false"
        source = ability(column, "rateLimit").source
        request.fault("access.rateLimitPerSecond", None, problem, allowed="requests a second, 1 or more", fix=fix, source=source)


def _check_tls(request: EndpointRequest, column: str, wish: Access) -> None:
    if wish.tls is None:
        return
    if not allows(request, column, "tls", "access.tls", wish.tls.host, fix="remove tls"):
        return
    if column == "cloudRun":
        _check_google_certificate(request, wish, wish.tls)
    elif _SECRET.fullmatch(wish.tls.certificate) is None:
        problem = "is no name of a secret, which is where a certificate lies in a cluster"
        allowed = "the name of a secret of type kubernetes.io/tls"
        fix = "put the certificate into a secret, and write its name"
        request.fault("access.tls.certificate", wish.tls.certificate, problem, allowed=allowed, fix=fix, source=_SECRETS)


def _check_google_certificate(request: EndpointRequest, wish: Access, tls: Tls) -> None:
    region = request.region.name if request.region else "REGION"
    allowed = _PUBLIC_CERTIFICATE if wish.public else _PRIVATE_CERTIFICATE.format(region=region)
    if not any(_is_named(tls.certificate, form) for form in allowed.split(" or ")):
        where = "on the internet" if wish.public else f"in a network of {region}"
        problem = f"is no certificate that a load balancer {where} takes"
        fix = "write the resource name of one that it takes, as gcloud certificate-manager and gcloud compute ssl-certificates list them"
        request.fault("access.tls.certificate", tls.certificate, problem, allowed=allowed, fix=fix, source=_GOOGLE_CERTIFICATES)
    if not wish.public and not wants_network(request.environment):
        problem = "is a name in a network, and this environment has none"
        fix = "add network: {}, or write access.public: true"
        request.fault("access.tls.host", tls.host, problem, allowed="with a network", fix=fix, source=ability("cloudRun", "tls").source)


def _is_named(name: str, form: str) -> bool:
    pattern = re.escape(form).replace("PROJECT", r"[a-z][a-z0-9-]{4,28}[a-z0-9]").replace("NAME", r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?")
    return re.fullmatch(pattern, name) is not None


def _check_limits(request: EndpointRequest, column: str, wish: Access) -> None:
    rate, firewall = wish.rate_limit_per_second, wish.web_application_firewall
    if rate is not None and _limits(request, column, wish, "rateLimit", "rateLimitPerSecond", rate):
        expected = request.endpoint.traffic.requests_per_second.expected
        if rate < expected:
            problem = f"is less than the {expected:g} requests a second that are expected"
            fix = f"write rateLimitPerSecond: {round(request.endpoint.traffic.requests_per_second.high) or 1}"
            request.fault("access.rateLimitPerSecond", rate, problem, allowed=f"{expected:g} or more", fix=fix)
    found = firewall is not None and _limits(request, column, wish, "webApplicationFirewall", "webApplicationFirewall", firewall)
    if found and rate is not None:
        problem = "stands beside rateLimitPerSecond, and the policy that it names has limits of its own"
        source = ability(column, "webApplicationFirewall").source
        request.fault(
            "access.webApplicationFirewall", firewall, problem, allowed="one of the two", fix="remove one of the two", source=source
        )


def _limits(request: EndpointRequest, column: str, wish: Access, name: str, word: str, value: object) -> bool:
    """Whether the platform has such a limit, and has it there."""
    if not allows(request, column, name, f"access.{word}", value, fix=f"remove {word}"):
        return False
    if column == "cloudRun" and not wish.public:
        problem = "has no effect within the network: Cloud Armor stands before addresses on the internet"
        source = ability(column, name).source
        request.fault(f"access.{word}", value, problem, allowed="with public: true", fix=f"remove {word}", source=source)
        return False
    return True


def _check_members(request: EndpointRequest, column: str, platform: str, wish: Access) -> None:
    if not wish.members:
        return
    if not allows(request, column, "members", "access.members", list(wish.members), fix="remove members"):
        return
    form, pattern, source = _MEMBERS["vertexAi" if platform == "cloudRun" else platform]
    for member in wish.members:
        if _ANYBODY.fullmatch(member):
            problem = "is anybody, and an endpoint is open to those alone who are named"
            request.fault("access.members", member, problem, allowed=form, fix=f"remove {member}", source=source)
        elif pattern.fullmatch(member) is None:
            problem = f"is no identity of {COLUMNS[column]}'s cloud"
            request.fault("access.members", member, problem, allowed=form, fix="write it as the cloud does", source=source)

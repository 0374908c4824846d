"""Azure function apps and other web apps."""

from typing import Any

from costs.resource import SECRET, Resource
from tests.policies.case import UNKNOWN, Case, made

APP = "azure-native:app:ContainerApp"
SITE = "azure-native:web:WebApp"
SLOT = "azure-native:web:WebAppSlot"
AMAZON = made("aws:lambda/function:Function")
BARE = made(APP, {}, "bare")
BARE_SITE = made(SITE, {}, "bare-site")


def app(name: str = "it", **ingress: Any) -> Resource:
    return made(APP, {"configuration": {"ingress": ingress}}, name)


def site(name: str = "it", kind: str = SITE, **properties: Any) -> Resource:
    return made(kind, properties, name)


def config(name: str = "it", **properties: Any) -> Resource:
    return made(SITE, {"siteConfig": properties}, name)


def setting(name: object, value: object) -> Resource:
    return config(appSettings=[{"name": name, "value": value}])


def functions(name: str, **properties: Any) -> Resource:
    return made(SITE, {"kind": "functionApp,linux", **properties}, name)


CASES = {
    "DD-FUNCTION-215": Case(
        violating=(BARE_SITE, site(kind=SLOT, httpsOnly=False)),
        at=("httpsOnly", "httpsOnly"),
        passing=(site(httpsOnly=True),),
        unknown=(site(httpsOnly=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-FUNCTION-216": Case(
        violating=(config(minTlsVersion="1.0", scmMinTlsVersion="1.1"),),
        at=("siteConfig.minTlsVersion", "siteConfig.scmMinTlsVersion"),
        passing=(BARE_SITE, config(minTlsVersion="1.2", scmMinTlsVersion="1.3")),
        unknown=(config(minTlsVersion=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-FUNCTION-217": Case(
        violating=(BARE_SITE, site(publicNetworkAccess="Enabled")),
        at=("publicNetworkAccess", "publicNetworkAccess"),
        passing=(
            site(publicNetworkAccess="Disabled"),
            config("inside", publicNetworkAccess="Disabled"),
            config("bounded", ipSecurityRestrictionsDefaultAction="Deny"),
        ),
        unknown=(site(publicNetworkAccess=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-FUNCTION-218": Case(
        violating=(BARE_SITE,),
        at=("virtualNetworkSubnetId",),
        passing=(site(virtualNetworkSubnetId=UNKNOWN), site("contained", managedEnvironmentId=UNKNOWN)),
        unknown=None,
        why_known="a subnet that is known only later is one",
        elsewhere=(AMAZON,),
    ),
    "DD-FUNCTION-219": Case(
        violating=(config(ftpsState="AllAllowed"),),
        at=("siteConfig.ftpsState",),
        passing=(BARE_SITE, config(ftpsState="FtpsOnly"), config("off", ftpsState="Disabled")),
        unknown=(config(ftpsState=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-FUNCTION-220": Case(
        violating=(config(remoteDebuggingEnabled=True),),
        at=("siteConfig.remoteDebuggingEnabled",),
        passing=(BARE_SITE,),
        unknown=(config(remoteDebuggingEnabled=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-FUNCTION-221": Case(
        violating=(app(corsPolicy={"allowedOrigins": ["https://a.example", "*"]}), config(cors={"allowedOrigins": ["*"]})),
        at=("configuration.ingress.corsPolicy.allowedOrigins", "siteConfig.cors.allowedOrigins"),
        passing=(BARE, config(cors={"allowedOrigins": ["https://a.example"]})),
        unknown=(config(cors={"allowedOrigins": [UNKNOWN]}),),
        elsewhere=(AMAZON,),
    ),
    "DD-FUNCTION-222": Case(
        violating=(setting("HF_TOKEN", SECRET), config("plain", appSettings=[{"name": "HF_TOKEN", "value": "hf_1"}])),
        at=("siteConfig.appSettings.0.value",) * 2,
        passing=(
            setting("HF_TOKEN", "@Microsoft.KeyVault(SecretUri=https://v.example/secrets/hf)"),
            config("words", appSettings=[{"name": "A", "value": "1"}]),
            config("empty", appSettings=[{"name": "HF_TOKEN", "value": ""}]),
        ),
        unknown=(setting(UNKNOWN, "x"),),
        elsewhere=(AMAZON,),
    ),
    "DD-FUNCTION-225": Case(
        violating=(functions("unbounded", siteConfig={}),),
        at=("siteConfig.functionAppScaleLimit",),
        passing=(
            functions("bounded", siteConfig={"functionAppScaleLimit": 20}),
            functions("flexible", functionAppConfig={"scaleAndConcurrency": {"maximumInstanceCount": UNKNOWN}}),
        ),
        unknown=(made(SITE, {"kind": UNKNOWN}),),
        elsewhere=(AMAZON, made(SITE, {"kind": "app"}, "website")),
    ),
}

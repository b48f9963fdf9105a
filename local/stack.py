"""The local stack: MiniStack with template.yaml deployed to it, unchanged, and a token for the organisation `demo`.

usage: stack.py up NAME PORT    starts it unless it is running, and deploys what `sam build` built; port 0 is any free port
       stack.py env NAME        prints `export` lines with what a program needs to use the running stack
       stack.py down NAME       stops it; it keeps everything in memory, so all data is lost

It also creates a bucket that the stack fetches calls from; the bucket announces new objects under `Analysis/` on the queue.

With SCORER=llm in the environment, SCORER, REDACT, REDACT_METADATA and LLM_* become parameters of the template; LLM_API_KEY becomes a secret.

Before anything is deployed, every environment variable that could lead to a real AWS account is removed or overwritten.
"""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request

import boto3
import certifi
from samcli.yamlhelper import yaml_parse

import servers
from servers import CommandError, Server

REGION = "us-east-1"
ORGANISATION = "demo"
STACK = "call-feedback"
SECRET = "call-feedback/llm-api-key"
BUCKET = "call-feedback-transcripts"
# Where Contact Lens writes in the bucket of an Amazon Connect instance.
ANNOUNCED_PREFIX = "Analysis/"


def aws_environment(port: int) -> dict[str, str]:
    """The variables that make every AWS client use that port and nothing else."""
    return {
        "AWS_ENDPOINT_URL": f"http://{servers.LOOPBACK}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": REGION,
        # The name that AWS clients in Python read, for example sam.
        "AWS_DEFAULT_REGION": REGION,
    }


def isolated_environment(port: int) -> dict[str, str]:
    """This process's environment, without its AWS settings and with those of the local stack."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    nowhere = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "AWS_EC2_METADATA_DISABLED": "true"}
    return kept | nowhere | aws_environment(port) | {"SAM_CLI_TELEMETRY": "0"}


def client(server: Server, service: str):
    """A client for a service of the local stack."""
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return boto3.client(service, region_name=REGION, endpoint_url=server.url, **keys)


def running(name: str) -> Server:
    server = servers.find(f"stack-{name}")
    if server is None:
        raise CommandError("the local stack is not running; start it with `make run`")
    return server


def up(name: str, port: str) -> None:
    state = servers.STATE / f"stack-{name}" / "tmp"

    def environment(number: int) -> dict[str, str]:
        # The functions inherit this environment; JSON is the log format that the template sets.
        address = {"BIND_HOST": servers.LOOPBACK, "GATEWAY_PORT": str(number)}
        return isolated_environment(number) | address | {"STATE_DIR": str(state), "AWS_LAMBDA_LOG_FORMAT": "JSON"}

    server = servers.ensure(f"stack-{name}", lambda number: ["ministack"], port=int(port), environment=environment)
    if port not in ("0", str(server.port)):
        raise CommandError(f"the local stack already runs on port {server.port}; `make stop` stops it")
    client(server, "s3").create_bucket(Bucket=BUCKET)
    deploy(server)
    announce_objects(server)
    ensure_token(server)


def down(name: str) -> None:
    servers.stop(f"stack-{name}")


def env(name: str) -> None:
    servers.export(variables(running(name)))


def deploy(server: Server) -> None:
    log = server.folder / "deploy.log"
    command = ["sam", "deploy", "--config-env", "local", "--parameter-overrides", *parameters(server)]
    with log.open("wb") as output:
        done = subprocess.run(
            command, cwd=servers.ROOT, env=isolated_environment(server.port), stdout=output, stderr=output, check=False
        )
    if done.returncode != 0:
        raise CommandError(f"the deployment failed; the end of {log}:\n{servers.tail(log)}")
    stack = client(server, "cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    (server.folder / "outputs.json").write_text(json.dumps(outputs))
    fix_concurrency(server)


def parameters(server: Server) -> list[str]:
    """All parameters of the template: one that is left out would keep its value from the previous deployment."""
    declared = yaml_parse((servers.ROOT / "template.yaml").read_text())["Parameters"]
    values = {name: parameter["Default"] for name, parameter in declared.items()}
    # The default certificate bundle does not exist on every machine, and debug builds do not start without one.
    values |= {"Architecture": os.environ["ARCHITECTURE"], "CertificateBundle": certifi.where()}
    values |= {"TranscriptBucket": BUCKET, "TranscriptBucketOrgId": ORGANISATION}
    if os.environ.get("SCORER") == "llm":
        given = {name.title().replace("_", ""): value for name, value in os.environ.items()}
        for_scorer = {name for name in values if name in ("Scorer", "Redact", "RedactMetadata") or name.startswith("Llm")}
        values |= {name: given[name] for name in for_scorer & given.keys()}
        if key := os.environ.get("LLM_API_KEY"):
            values["LlmApiKeySecretArn"] = store_secret(server, key)
    return [f"{name}={json.dumps(str(value))}" for name, value in values.items()]


def store_secret(server: Server, text: str) -> str:
    """Stores the text as the secret; returns the secret's ARN."""
    secrets = client(server, "secretsmanager")
    try:
        return secrets.create_secret(Name=SECRET, SecretString=text)["ARN"]
    except secrets.exceptions.ResourceExistsException:
        return secrets.put_secret_value(SecretId=SECRET, SecretString=text)["ARN"]


def fix_concurrency(server: Server) -> None:
    """Sets the concurrency again as a number: MiniStack 1.5.33 keeps a parameter as text, which its poller then compares with numbers."""
    functions = client(server, "lambda")
    for mapping in functions.list_event_source_mappings()["EventSourceMappings"]:
        number = int(mapping["ScalingConfig"]["MaximumConcurrency"])
        functions.update_event_source_mapping(UUID=mapping["UUID"], ScalingConfig={"MaximumConcurrency": number})


def announce_objects(server: Server) -> None:
    """Makes the bucket announce new transcripts on the queue. That is a setting of the bucket, which the template does not own."""
    queue = {"QueueUrl": outputs(server)["CallQueueUrl"], "AttributeNames": ["QueueArn"]}
    arn = client(server, "sqs").get_queue_attributes(**queue)["Attributes"]["QueueArn"]
    rules = [{"Name": "prefix", "Value": ANNOUNCED_PREFIX}, {"Name": "suffix", "Value": ".json"}]
    new_objects = {"QueueArn": arn, "Events": ["s3:ObjectCreated:*"], "Filter": {"Key": {"FilterRules": rules}}}
    client(server, "s3").put_bucket_notification_configuration(
        Bucket=BUCKET, NotificationConfiguration={"QueueConfigurations": [new_objects]}
    )


def outputs(server: Server) -> dict[str, str]:
    return json.loads((server.folder / "outputs.json").read_text())


def ensure_token(server: Server) -> None:
    """Creates a token, unless the one of the last run still works."""
    file = server.folder / "token"
    if file.exists() and api(server, "/api/call-feedback/stats")[0] == 200:
        return
    command = [os.environ["CALL_FEEDBACK_CLI"], "token", "create", "--org", ORGANISATION]
    environment = os.environ | variables(server)
    file.write_text(subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout.strip())


def variables(server: Server) -> dict[str, str]:
    """What a program needs to use the stack; `call-feedback` reads these names as well."""
    known, token = outputs(server), server.folder / "token"
    return aws_environment(server.port) | {
        "CALL_FEEDBACK_API_URL": server.url,
        "CALL_FEEDBACK_API_HOST": f"{known['ApiId']}.execute-api.localhost:{server.port}",
        "CALL_FEEDBACK_TOKEN": token.read_text() if token.exists() else "",
        "CALL_FEEDBACK_QUEUE_URL": known["CallQueueUrl"],
        "CALL_FEEDBACK_DLQ_URL": known["CallDeadLetterQueueUrl"],
        "CALL_FEEDBACK_BUCKET": known["TranscriptBucketName"],
        "CALL_FEEDBACK_TABLE": known["FeedbackTableName"],
        "CALL_FEEDBACK_TOKEN_TABLE": known["TokenTableName"],
    }


def api(server: Server, path: str) -> tuple[int, dict]:
    """Sends a GET with the token of the organisation `demo`; returns the status and body of the response."""
    names = variables(server)
    headers = {"Host": names["CALL_FEEDBACK_API_HOST"], "x-user-token": names["CALL_FEEDBACK_TOKEN"]}
    request = urllib.request.Request(names["CALL_FEEDBACK_API_URL"] + path, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read() or b"{}")


if __name__ == "__main__":
    servers.run("local stack", {"up": up, "env": env, "down": down}[sys.argv[1]], *sys.argv[2:])

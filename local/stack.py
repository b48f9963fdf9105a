"""The local stack: MiniStack with template.yaml deployed to it, unchanged, and a token for the organisation `demo`.

usage: stack.py up NAME PORT    starts it unless it runs, deploys what `sam build` built; port 0 is any free port
       stack.py env NAME        prints `export` lines that give any program the running stack
       stack.py down NAME       stops it; it keeps everything in memory, so everything is gone

A bucket stands beside the stack, which fetches calls from it; what is new under `Analysis/` there is announced on the queue.

With SCORER=llm in the environment, REDACT and LLM_* become the template's parameters too; LLM_API_KEY becomes a secret.

Every name that could lead to a real account is removed from the environment or overwritten before anything is deployed.
"""

import json
import os
import shlex
import subprocess
import sys
import urllib.error
import urllib.request

import boto3
import certifi
from samcli.yamlhelper import yaml_parse

import servers
from servers import Failure, Server

REGION = "us-east-1"
ORGANISATION = "demo"
STACK = "call-feedback"
SECRET = "call-feedback/llm-api-key"
BUCKET = "call-feedback-transcripts"
# Where Contact Lens writes in the bucket of an Amazon Connect instance.
ANNOUNCED_PREFIX = "Analysis/"


def endpoint(server: Server) -> str:
    return f"http://{servers.LOOPBACK}:{server.port}"


def aws_environment(port: int) -> dict[str, str]:
    """What makes every AWS client speak to that port, and to nothing else."""
    return {
        "AWS_ENDPOINT_URL": f"http://{servers.LOOPBACK}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": REGION,
        # The name that Python's clients read, sam among them.
        "AWS_DEFAULT_REGION": REGION,
    }


def isolated_environment(port: int) -> dict[str, str]:
    """This process's environment without anything that configures AWS, and with the local stack."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    nowhere = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "AWS_EC2_METADATA_DISABLED": "true"}
    return kept | nowhere | aws_environment(port) | {"SAM_CLI_TELEMETRY": "0"}


def client(server: Server, service: str):
    """A client of one of the local stack's services."""
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return boto3.client(service, region_name=REGION, endpoint_url=endpoint(server), **keys)


def running(name: str) -> Server:
    server = servers.find(f"stack-{name}")
    if server is None:
        raise Failure("the local stack is not running; start it with `make run`")
    return server


def up(name: str, port: str) -> None:
    server = servers.find(f"stack-{name}")
    if server and port not in ("0", str(server.port)):
        raise Failure(f"the local stack already runs on port {server.port}; `make stop` stops it")
    if server is None:
        number = int(port) or servers.free_port()
        # Functions inherit this environment; JSON is the log format the template asks for.
        environment = isolated_environment(number) | {"AWS_LAMBDA_LOG_FORMAT": "JSON"}
        environment |= {"BIND_HOST": servers.LOOPBACK, "GATEWAY_PORT": str(number), "STATE_DIR": str(servers.STATE / f"stack-{name}" / "tmp")}
        server = servers.start(f"stack-{name}", number, ["ministack"], environment)
    client(server, "s3").create_bucket(Bucket=BUCKET)
    deploy(server)
    announce_objects(server)
    ensure_token(server)


def down(name: str) -> None:
    if server := servers.find(f"stack-{name}"):
        servers.stop(server)


def env(name: str) -> None:
    for variable, value in variables(running(name)).items():
        print(f"export {variable}={shlex.quote(value)}")


def deploy(server: Server) -> None:
    log = server.folder / "deploy.log"
    command = ["sam", "deploy", "--config-env", "local", "--parameter-overrides", *parameters(server)]
    with log.open("wb") as output:
        done = subprocess.run(
            command, cwd=servers.ROOT, env=isolated_environment(server.port), stdout=output, stderr=output, check=False
        )
    if done.returncode != 0:
        raise Failure(f"the deployment failed; the end of {log}:\n{servers.tail(log)}")
    stack = client(server, "cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    (server.folder / "outputs.json").write_text(json.dumps(outputs))
    mend_concurrency(server)


def parameters(server: Server) -> list[str]:
    """All parameters of the template: one that is left out would keep what it was when the stack was deployed before."""
    declared = yaml_parse((servers.ROOT / "template.yaml").read_text())["Parameters"]
    values = {name: parameter["Default"] for name, parameter in declared.items()}
    # The runtime's own bundle of certificates does not exist on every machine, and without one debug builds do not start.
    values |= {"Architecture": os.environ["ARCHITECTURE"], "CertificateBundle": certifi.where()}
    values |= {"TranscriptBucket": BUCKET, "TranscriptBucketOrgId": ORGANISATION}
    if os.environ.get("SCORER") == "llm":
        asked = {name.title().replace("_", ""): value for name, value in os.environ.items()}
        scorers = {name for name in values if name in ("Scorer", "Redact") or name.startswith("Llm")}
        values |= {name: asked[name] for name in scorers & asked.keys()}
        if key := os.environ.get("LLM_API_KEY"):
            values["LlmApiKeySecretArn"] = keep_secret(server, key)
    return [f"{name}={json.dumps(str(value))}" for name, value in values.items()]


def keep_secret(server: Server, text: str) -> str:
    """The ARN of the secret that holds the text."""
    secrets = client(server, "secretsmanager")
    try:
        return secrets.create_secret(Name=SECRET, SecretString=text)["ARN"]
    except secrets.exceptions.ResourceExistsException:
        return secrets.put_secret_value(SecretId=SECRET, SecretString=text)["ARN"]


def mend_concurrency(server: Server) -> None:
    """MiniStack 1.5.33 keeps a number that comes from a parameter as text, and its poller then compares text with numbers."""
    functions = client(server, "lambda")
    for mapping in functions.list_event_source_mappings()["EventSourceMappings"]:
        number = int(mapping["ScalingConfig"]["MaximumConcurrency"])
        functions.update_event_source_mapping(UUID=mapping["UUID"], ScalingConfig={"MaximumConcurrency": number})


def announce_objects(server: Server) -> None:
    """Has the bucket announce new transcripts on the queue, which is set up on the bucket and not in the template."""
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
    """Keeps the token of the last run as long as it opens the API."""
    file = server.folder / "token"
    if file.exists() and api(server, "/api/call-feedback/stats")[0] == 200:
        return
    command = [os.environ["CALL_FEEDBACK_CLI"], "token", "create", "--org", ORGANISATION]
    environment = os.environ | variables(server)
    file.write_text(subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout.strip())


def variables(server: Server) -> dict[str, str]:
    """What a program needs to use the stack; the command line tool reads the same names."""
    known, token = outputs(server), server.folder / "token"
    return aws_environment(server.port) | {
        "CALL_FEEDBACK_API_URL": endpoint(server),
        "CALL_FEEDBACK_API_HOST": f"{known['ApiId']}.execute-api.localhost:{server.port}",
        "CALL_FEEDBACK_TOKEN": token.read_text() if token.exists() else "",
        "CALL_FEEDBACK_QUEUE_URL": known["CallQueueUrl"],
        "CALL_FEEDBACK_DLQ_URL": known["CallDeadLetterQueueUrl"],
        "CALL_FEEDBACK_BUCKET": known["TranscriptBucketName"],
        "CALL_FEEDBACK_TABLE": known["FeedbackTableName"],
        "CALL_FEEDBACK_TOKEN_TABLE": known["TokenTableName"],
    }


def api(server: Server, path: str) -> tuple[int, dict]:
    """The status and body the API answers a GET of the organisation `demo` with."""
    names = variables(server)
    headers = {"Host": names["CALL_FEEDBACK_API_HOST"], "x-user-token": names["CALL_FEEDBACK_TOKEN"]}
    request = urllib.request.Request(names["CALL_FEEDBACK_API_URL"] + path, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read() or b"{}")


if __name__ == "__main__":
    try:
        {"up": up, "env": env, "down": down}[sys.argv[1]](*sys.argv[2:])
    except Failure as failure:
        sys.exit(f"local stack: {failure}")

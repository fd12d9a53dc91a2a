namespace Integration.Running;

/// <summary>The fleet file of the tests: two hosts, each with a pool whose jobs have an engine and one whose jobs have none.</summary>
internal static class FleetText
{
    public const string Subnet = "198.18.88.0/24";
    public const string Gateway = "198.18.88.1";
    public const int ProxmoxPort = 28006, GitHubPort = 28080, RegistryPort = 25000, ControlPort = 28081;
    public const int ProxmoxProxyPort = 28007, GitHubProxyPort = 28082, GatePort = 28083, OtherGitHubPort = 28084;

    /// <summary>The hosts' addresses.</summary>
    public static readonly string[] Hosts = ["198.18.88.11", "198.18.88.12"];

    /// <summary>Address of the machine that is its fleet's only host.</summary>
    public const string Alone = "198.18.88.20";

    /// <summary>The file on each host that holds the credential of `orgs/acme`.</summary>
    public const string Credential = "/etc/github-runners/credentials/198.18.88.1-28082-orgs-acme";

    /// <summary>How many runners the fleet has: two hosts with two and one, and two and two slots.</summary>
    public const int Slots = 7;

    public const string Text = """
        lab:
          subnet: 198.18.88.0/24
          ports: { proxmox: 28006, github: 28080, registry: 25000 }
        github:
          org: acme
          url: http://198.18.88.1:28082
          credential: { file: planted-token }
        proxmox:
          url: https://127.0.0.1:28007
          token: { id: root@pam!runnerbuild, secret: { file: lab/proxmox-token } }
          fingerprintFile: proxy.fingerprint
        knownHosts: known_hosts
        defaults:
          ssh: { user: debian, port: 22, key: lab/id_ed25519 }
          vm:
            node: pve
            template: 9999
            cores: 2
            memory: 6G
            disk: 20G
            gateway: 198.18.88.1
            sshKeys: [ { file: lab/id_ed25519.pub } ]
          engine: { insecureRegistries: ["198.18.88.1:25000"], pullThrough: "http://198.18.88.1:25000" }
        hosts:
          west:
            vm: { vmid: 250, ip: 198.18.88.11/24 }
            pools:
              - { name: docker, count: 2, labels: [self-hosted, linux, x64, docker, docker-west], cpus: 1.5, memory: 2G, pids: 1024 }
              - { name: plain, count: 1, docker: none, labels: [self-hosted, plain, plain-west] }
          east:
            vm: { vmid: 251, ip: 198.18.88.12/24 }
            pools:
              - { name: docker, count: 2, labels: [self-hosted, linux, x64, docker, docker-east], cpus: 1.5, memory: 2G, pids: 1024 }
              - { name: plain, count: 2, docker: none, labels: [self-hosted, plain, plain-east] }
        image:
          base: 198.18.88.1:25000/library/debian:trixie
          runner: { version: latest }
          source: http://198.18.88.1:28082/api/v3
          lock: image.lock.json
        canary: { repository: acme/widgets, workflow: canary.yml, ref: main }
        """;

    /// <summary>The same fleet with something else in place of some of its text.</summary>
    public static string With(params (string From, string To)[] edits) => edits.Aggregate(Text, (text, edit) =>
        text.Contains(edit.From, StringComparison.Ordinal)
            ? text.Replace(edit.From, edit.To, StringComparison.Ordinal)
            : throw new ArgumentException($"The fleet has no `{edit.From}`.", nameof(edits)));

    /// <summary>A fleet of one machine that is there already and has nothing to do with Proxmox or a lab.</summary>
    public static string Plain(int port, string hostKey) => $$"""
        github:
          org: acme
          credential: { env: NOT_NEEDED_YET }
        knownHosts: plain_hosts
        hosts:
          plain:
            address: 127.0.0.1
            ssh: { user: root, port: {{port}}, key: lab/id_ed25519, hostKeys: ["{{hostKey}}"] }
        """;

    /// <summary>A fleet whose file is on its only host, which looks after itself at night. Only of a machine itself may a fleet say http, so GitHub has to be there.</summary>
    public static string Nightly(string hostKey) => $$"""
        github:
          org: acme
          url: http://127.0.0.1:{{GitHubProxyPort}}
          credential: { env: GITHUB_TOKEN }
        knownHosts: no_hosts
        hosts:
          alone:
            address: {{Alone}}
            ssh: { user: root, key: lab/id_ed25519, hostKeys: ["{{hostKey}}"] }
            engine: { insecureRegistries: ["{{Gateway}}:{{RegistryPort}}"] }
            pools:
              - { name: night, count: 2, docker: none, refreshDoor: true, labels: [self-hosted, linux, refresh] }
        nightly: { at: "03:30", keep: 4, issues: acme/widgets }

        """ + Text[Text.IndexOf("image:\n", StringComparison.Ordinal)..]
            .Replace("image:\n", "image:\n  tools: { ansible: false, docker: false }\n", StringComparison.Ordinal).Replace($"http://{Gateway}", "http://127.0.0.1", StringComparison.Ordinal);

    /// <summary>The first host as a machine that is there already, reached by SSH alone; no pin of an earlier run stands in for its key.</summary>
    public static string Existing(int port, string hostKey) => With(
        ("knownHosts: known_hosts", "knownHosts: no_hosts"),
        ("vm: { vmid: 250, ip: 198.18.88.11/24 }", $"address: 198.18.88.11\n    ssh: {{ port: {port}, hostKeys: [\"{hostKey}\"] }}"));
}

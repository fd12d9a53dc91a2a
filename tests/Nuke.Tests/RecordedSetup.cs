namespace Nuke.Tests;

/// <summary>What the head of a recording tells only in words: arguments whose quotes are lost, values, files, directories.</summary>
internal static class RecordedSetup
{
    // Encrypted by openssl, not by the engine: "top secret token" under "correct horse", "dev token" under "dev horse".
    private const string File = """
        {
          "$schema": "./build.schema.json", "VmName": "from-file", "RunnerCount": 3, "Labels": ["f1", "f2"], "Hosts": ["h1"], "ImageDirectory": "images/base",
          "DryRun": true, "Configuration": "Release", "Kind": "Process", "VmSize": "large", "VerifyTimeout": "00:02:00", "Ratio": 1.5,
          "other-name": "renamed in file", "GitHubToken": "@TOP@"
        }
        """;

    private const string Dev = """{ "VmName": "from-dev", "GitHubToken": "@DEV@" }""";
    private const string Staging = """{ "VmName": "from-staging", "RunnerCount": 7 }""";

    public static string[] Apply(RecordedCase recorded, Site site)
    {
        foreach (var (name, value) in recorded.Environment)
            site.Environment[name] = value;
        if (recorded.Name.StartsWith("params-", StringComparison.Ordinal))
            Files(recorded.Name, site);
        foreach (var (name, value) in Variables(recorded.Name, site))
            site.Environment[name] = value;
        site.WorkingDirectory = Directory(recorded.Name, site);
        if (recorded.Name == "continue-2")
            site.Run(recorded.Build, Apply(RecordedCase.Read("continue-1"), site));
        if (recorded.Name == "continue-2")
            site.Environment.Remove("FAIL_IN");
        return Arguments(recorded, site);
    }

    private static string[] Arguments(RecordedCase recorded, Site site) => recorded.Name switch
    {
        "values" => ["CreateVm", "--vm-name", "a b", "--labels", "x,y", "--hosts", "h1", "h2", "--image-directory", "<tmp>".Replace("<tmp>", site.Root, StringComparison.Ordinal), .. recorded.Arguments.SkipWhile(x => x != "--dry-run")],
        "params-file-cli-key" => ["DeployRunners", "--params-key", "correct horse", "--no-logo"],
        "root-cwd" => ["CreateVm", "--root", "--no-logo"],
        "root-path" => ["CreateVm", "--root", site.Root, "--no-logo"],
        "root-subdir" => ["CreateVm", "--image-directory", "rel/dir", "--no-logo"],
        "root-not-found" => ["CreateVm", "--no-logo"],
        _ when recorded.Name.StartsWith("mini2-", StringComparison.Ordinal) => [.. recorded.Arguments, "--no-logo"],
        _ => recorded.Arguments,
    };

    private static (string, string)[] Variables(string name, Site site) => name switch
    {
        "env-and-cli" => [("VmName", "environment")],
        "env-both" => [("VM_NAME", "one"), ("NUKE_VM_NAME", "other")],
        "env-exact-and-nuke" => [("VmName", "exact"), ("NUKE_VM_NAME", "other")],
        "env-help" => [("HELP", "true"), ("PLAN", "true")],
        "env-nuke-prefix" => [("NUKE_VM_NAME", "nukeenv")],
        "env-root" => [("ROOT", site.At("elsewhere"))],
        "env-snake" => [("vm_name", "envvm")],
        "env-string-empty" => [("VmName", "")],
        "env-values" => [("LABELS", "a,b"), ("HOSTS", "h1 h2"), ("DryRun", "true"), ("RUNNER_COUNT", "9")],
        "params-file-cli-key" or "params-override-secret-no-key" or "params-case-and-builtin" => [],
        "params-file-nuke-key" => [("NUKE_PARAMS_KEY", "correct horse")],
        "params-file-vs-env" => [("PARAMS_KEY", "correct horse"), ("VM_NAME", "envvm")],
        "params-wrong-key" => [("PARAMS_KEY", "wrong")],
        "params-profile" or "params-profile-env" or "params-profile-two-rev" => [("PARAMS_KEY", "correct horse"), ("PARAMS_DEV_KEY", "dev horse")],
        _ when name.StartsWith("params-", StringComparison.Ordinal) => [("PARAMS_KEY", "correct horse")],
        _ => [],
    };

    private static void Files(string name, Site site)
    {
        site.Write(".nuke/parameters.dev.json", Dev.Replace("@DEV@", Ciphers.Dev, StringComparison.Ordinal));
        site.Write(".nuke/parameters.staging.json", Staging);
        var text = name switch
        {
            "params-missing-file" => null,
            "params-bad-json" => "{ not json",
            "params-array-from-string" => """{ "$schema": "./build.schema.json", "Labels": "a,b", "Hosts": "single" }""",
            "params-case-and-builtin" => """{ "Target": ["BootstrapHost"], "Skip": ["CreateVm"], "NoLogo": true, "Verbosity": "Normal" }""",
            "params-invalid-enum" => """{ "Kind": "Nope" }""",
            "params-invalid-enumeration" => """{ "Configuration": "Nope" }""",
            "params-invalid-type" => """{ "RunnerCount": "abc" }""",
            "params-plain-secret" => File.Replace("@TOP@", "in plain text", StringComparison.Ordinal),
            _ => File.Replace("@TOP@", Ciphers.Top, StringComparison.Ordinal),
        };
        if (text != null)
            site.Write(".nuke/parameters.json", text);
    }

    private static string? Directory(string name, Site site)
    {
        var directory = name switch
        {
            "root-subdir" => site.At("build"),
            "root-path" => Path.GetTempPath(),
            _ => null,
        };
        if (directory != null)
            System.IO.Directory.CreateDirectory(directory);
        if (name == "root-not-found")
            System.IO.Directory.Delete(site.At(".nuke"));
        return directory;
    }
}

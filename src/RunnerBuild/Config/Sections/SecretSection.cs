using RunnerBuild.Config.Yaml;

namespace RunnerBuild.Config.Sections;

/// <summary>Where a secret is to be found; never the secret itself.</summary>
internal static class SecretSection
{
    public static readonly Key<string> Env = new(
        "env", "Name of an environment variable that holds the secret",
        Texts.Like("the name of an environment variable, such as GITHUB_TOKEN", "^[A-Za-z_][A-Za-z0-9_]*$")
            .Unless(Node.LooksSecret().IsMatch,
                "that is a secret itself, which must not be in a fleet file; withdraw it, and name the variable that holds the new one"));

    public static readonly Key<string> File = new("file", "File that holds the secret; relative to the fleet file", Files.AnyPath);

    public static readonly Key<string> Command = new(
        "command", "Command line for the shell that prints the secret, such as op read op://vault/item",
            Texts.Like("a command line", @"\S"));

    public static Shape<SecretReference> Shape { get; } =
        new Section("secret", "Where a secret is to be found; exactly one of the keys", Env, File, Command)
        {
            Alternatives = [Env, File, Command],
            Choice = Choice.ExactlyOne,
        }.As((settings, _) => Reference(settings));

    public static SecretReference Reference(Settings settings) =>
        settings.Has(Env) ? new SecretReference.FromEnvironment(settings.Get(Env))
        : settings.Has(File) ? new SecretReference.FromFile(settings.Get(File))
        : new SecretReference.FromCommand(settings.Get(Command));
}

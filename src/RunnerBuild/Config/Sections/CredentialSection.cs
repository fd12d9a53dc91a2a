using System.Globalization;
using RunnerBuild.Config.Yaml;

namespace RunnerBuild.Config.Sections;

/// <summary>How to get at GitHub: a personal access token by reference, or an App.</summary>
internal static class CredentialSection
{
    private static readonly Key<string> Id = new(
        "id", "The App's client id (Iv…) or its number",
            Texts.Loose("an App's client id or number, such as Iv23liAbCdEf", "^[A-Za-z0-9.]+$")) { Required = true };

    private static readonly Key<long> Installation = new(
        "installation", "Number of the App's installation; looked up when it is not said", Number());

    private static readonly Key<SecretReference> PrivateKey = new(
        "key", "The App's private key, PEM", SecretSection.Shape) { Required = true };

    private static readonly Key<Settings> App = new(
        "app", "A GitHub App; it needs the permission to manage self-hosted runners",
            new Section("app", "A GitHub App", Id, Installation, PrivateKey));

    public static Shape<GitHubCredential> Shape { get; } =
        new Section(
            "credential", "A personal access token, by reference, or an App; exactly one of the keys",
            SecretSection.Env, SecretSection.File, SecretSection.Command, App)
        {
            Alternatives = [SecretSection.Env, SecretSection.File, SecretSection.Command, App],
            Choice = Choice.ExactlyOne,
        }.As((settings, _) => Credential(settings));

    private static GitHubCredential Credential(Settings settings)
    {
        if (!settings.Has(App))
            return new GitHubCredential.Token(SecretSection.Reference(settings));

        var app = settings.Get(App);
        return new GitHubCredential.App(app.Get(Id), app.Maybe(Installation), app.Get(PrivateKey));
    }

    private static Scalar<long> Number() => new(
        "a whole number above 0",
        (text, out value) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value > 0,
        """{ "type": "integer", "minimum": 1 }""",
        quotable: false);
}

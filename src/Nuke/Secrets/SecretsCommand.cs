using System.Text.Json;
using Nuke.Common.Execution;
using Nuke.Common.IO;
using Nuke.Common.Output;
using Nuke.Common.Parameters;

namespace Nuke.Common.Secrets;

/// <summary><c>:secrets [profile] [--format v1]</c>: asks for the secrets one by one, or reads lines NAME=VALUE from standard input, and encrypts them into the parameters file.</summary>
internal sealed class SecretsCommand(Invocation invocation, AbsolutePath root, IReadOnlyList<Option> options, BuildOutput output)
{
    private const string Usage = "usage: :secrets [profile] [--format v1|v2]";

    public int Run(IReadOnlyList<string> arguments)
    {
        try
        {
            var (profile, format) = Parse(arguments);
            var path = AbsolutePath.Create(Path.Join(root, ParametersFile.NameOf(profile)));
            var before = path.FileExists() ? path.ReadAllText() : ParametersText.Empty;
            var names = options.Where(x => x.IsSecret && !x.IsBuiltIn).Select(x => x.Name).ToList();
            if (names.Count == 0)
                throw new UsageException("The build has no parameter with [Secret].");

            var entered = invocation.Ask is null ? FromInput(names) : FromPerson(names, before);
            if (entered.Count == 0)
            {
                output.Line("Nothing was entered, and nothing changed.");
                return ExitCodes.Done;
            }

            var password = PasswordOf(profile, names, before);
            var after = entered.Aggregate(before, (text, secret) => ParametersText.With(text, secret.Name, Encrypt(secret.Name, secret.Value, password, format)));
            Save(path, after);
            var (list, all) = (string.Join(", ", entered.Select(x => x.Name)), entered.Count == 1 ? "it" : "them");
            output.Line($"{ParametersFile.NameOf(profile)} has {list}, encrypted. Runs need {BuiltIn.PasswordOf(profile).Name} to read {all}.");
            return ExitCodes.Done;
        }
        catch (Exception exception) when (exception is UsageException or SecretException or JsonException or IOException or UnauthorizedAccessException)
        {
            output.Error($":secrets: {exception.Message}");
            return ExitCodes.Usage;
        }
    }

    private static (string? Profile, string Format) Parse(IReadOnlyList<string> arguments) => arguments switch
    {
        [] => (null, "v2"),
        ["--format", "v1" or "v2"] => (null, arguments[1]),
        [var profile] when IsName(profile) => (profile, "v2"),
        [var profile, "--format", "v1" or "v2"] when IsName(profile) => (profile, arguments[2]),
        _ => throw new UsageException(Usage),
    };

    private static bool IsName(string profile) => !profile.StartsWith('-') && profile.Length > 0 && profile.IndexOfAny(Path.GetInvalidFileNameChars()) < 0;

    private List<(string Name, string Value)> FromPerson(List<string> names, string file)
    {
        var entered = new List<(string, string)>();
        output.Line("Enter leaves a secret as it is.");
        foreach (var name in names)
        {
            if (invocation.Ask!($"{name}{(ParametersText.Of(file, name) is null ? "" : " (is set)")}: ", true) is { Length: > 0 } value)
                entered.Add((name, value));
        }

        return entered;
    }

    private List<(string Name, string Value)> FromInput(List<string> names)
    {
        var entered = new List<(string, string)>();
        while (invocation.Input.ReadLine() is { } line)
        {
            if (line.Length == 0)
                continue;
            // The line itself may hold a secret, so it is never shown.
            if (line.Split('=', 2) is not [var key, var value])
                throw new UsageException($"A line of standard input is not NAME=VALUE. Names are {string.Join(", ", names)}.");
            var name = names.Find(x => Names.Key(x) == Names.Key(key))
                ?? throw new UsageException($"'{key}' is no secret of this build.{Nearest.Hint(key, names)} Names are {string.Join(", ", names)}.");
            entered.Add((name, value));
        }

        return entered;
    }

    // One file has one password: what is there already must open with it.
    private string PasswordOf(string? profile, List<string> names, string file)
    {
        var option = BuiltIn.PasswordOf(profile);
        var problems = new List<string>();
        var given = new EnvironmentVariables(invocation.Environment).Of(option, problems)?.Texts is [{ Length: > 0 } text] ? text : null;
        var password = given ?? invocation.Ask?.Invoke($"Password for {ParametersFile.NameOf(profile)}: ", true);
        if (problems.Count > 0 || string.IsNullOrEmpty(password))
            throw new UsageException([.. problems, $"There is no password: set the environment variable {option.Name}."]);

        SecretValues.Known.Add(password);
        foreach (var name in names)
        {
            if (ParametersText.Of(file, name) is { } existing && existing.StartsWith('v'))
                _ = Check(name, existing, password);
        }

        var isFirst = names.TrueForAll(name => ParametersText.Of(file, name) is null);
        if (given is null && isFirst && invocation.Ask!("The same again: ", true) != password)
            throw new UsageException("The two passwords differ. Nothing was changed.");
        return password;
    }

    private static string Check(string name, string existing, string password)
    {
        try
        {
            return SecretText.Decrypt(existing, () => password, name);
        }
        catch (SecretException)
        {
            throw new UsageException($"The password does not open {name}, which is in the file already. Nothing was changed. Use the file's password, or take {name} out of the file.");
        }
    }

    private static string Encrypt(string name, string value, string password, string format)
    {
        SecretValues.Known.Add(value);
        return format == "v1" ? NukeCipher.Encrypt(value, password) : SealedCipher.Encrypt(value, password, name);
    }

    // In one step, so that a run beside this one reads either the old file or the new.
    private static void Save(AbsolutePath path, string text)
    {
        var temporary = path.Parent / $"{path.Name}.{Environment.ProcessId}";
        temporary.WriteAllText(text);
        File.Move(temporary, path, overwrite: true);
    }
}

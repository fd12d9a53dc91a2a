using Nuke.Common.Execution;
using Nuke.Common.Output;
using Nuke.Common.Parameters;

namespace Nuke.Common.Secrets;

/// <summary>The password of each parameters file: from --params-key or PARAMS_KEY, else from the person at the terminal, once.</summary>
internal sealed class Passwords(Invocation invocation)
{
    private readonly Dictionary<string, string> _known = [];

    public string Of(string? profile, EnvironmentVariables environment, CommandLine line, List<string> problems)
    {
        var option = BuiltIn.PasswordOf(profile);
        if (!_known.TryGetValue(option.Key, out var password))
            _known[option.Key] = password = Given(option, environment, line, problems) ?? Asked(profile, option);
        SecretValues.Known.Add(password);
        return password;
    }

    private static string? Given(Option option, EnvironmentVariables environment, CommandLine line, List<string> problems) =>
        (line.Of(option) ?? environment.Of(option, problems))?.Texts is [.., { Length: > 0 } text] ? text : null;

    private string Asked(string? profile, Option option) =>
        invocation.Ask?.Invoke($"Password for {ParametersFile.NameOf(profile)}: ", true) is { Length: > 0 } password
            ? password
            : throw new SecretException($"is encrypted and needs the password: set the environment variable {option.Name}, or give this parameter in another way.");
}

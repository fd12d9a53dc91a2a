using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Supervisor.Slots;

/// <summary>Runner names: <c>HOST-SLOTNUMBER-SUFFIX</c>, at most 63 characters (a host name too), the suffix new for each attempt.</summary>
internal static class RunnerName
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    private const int TimeLength = 6;
    private const int RandomLength = 6;

    /// <param name="host">At most 40 characters.</param>
    public static string New(string host, int slot, DateTimeOffset now)
    {
        var time = now.ToUnixTimeSeconds();
        var suffix = new char[TimeLength + RandomLength];
        for (var i = TimeLength - 1; i >= 0; i--, time >>= 5)
            suffix[i] = Alphabet[(int)(time & 31)];
        for (var i = TimeLength; i < suffix.Length; i++)
            suffix[i] = Alphabet[RandomNumberGenerator.GetInt32(Alphabet.Length)];
        return $"{host}-{slot}-{new string(suffix)}";
    }

    /// <summary>Whether a runner's name was made by the host of that very name, not by one whose name only begins alike.</summary>
    public static bool IsOf(string host, string runner) =>
        Regex.IsMatch(runner, $"^{Regex.Escape(host)}-[0-9]+-[{Alphabet}]{{{TimeLength + RandomLength}}}$", RegexOptions.IgnoreCase);
}

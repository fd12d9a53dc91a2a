namespace Nuke.Common.Secrets;

/// <summary>A secret as it stands in a parameters file: NUKE's v1, or the engine's own v2, which cannot be altered unnoticed.</summary>
internal static class SecretText
{
    /// <param name="password">Asked for only when the text is encrypted.</param>
    public static string Decrypt(string text, Func<string> password, string name)
    {
        var decrypt =
            text.StartsWith(NukeCipher.Prefix, StringComparison.Ordinal) ? NukeCipher.Decrypt
            : text.StartsWith(SealedCipher.Prefix, StringComparison.Ordinal) ? (Func<string, string, string, string?>)SealedCipher.Decrypt
            : throw new SecretException("is a secret in plain text. Enter it by './build.sh :secrets', which encrypts it, or take it out and set it as an environment variable.");
        return decrypt(text, password(), name)
            ?? throw new SecretException("cannot be decrypted: the password is another one, or the text was changed. Enter it anew by './build.sh :secrets'.");
    }
}

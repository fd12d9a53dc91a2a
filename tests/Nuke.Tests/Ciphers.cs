namespace Nuke.Tests;

/// <summary>Texts in NUKE's format that another program encrypted (openssl enc -aes-256-cbc with key and IV from PBKDF2).</summary>
internal static class Ciphers
{
    /// <summary>"top secret token" under "correct horse".</summary>
    public const string Top = "v1:X7SfjHhDZx2LbgTlarm+iswNksujMdC75noSxhsVbOE=";

    /// <summary>"dev token" under "dev horse".</summary>
    public const string Dev = "v1:qBnw0d/bbyOkWwa0Jre0Jg==";
}

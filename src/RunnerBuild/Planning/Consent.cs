namespace RunnerBuild.Planning;

/// <summary>What the operator has agreed to beyond what is always done to a virtual machine.</summary>
/// <param name="Restart">A running machine may be restarted once its runners have ended.</param>
/// <param name="Adopt">A machine that carries no mark of this host becomes the host's.</param>
internal sealed record Consent(bool Restart = false, bool Adopt = false)
{
    public static readonly Consent None = new();
}

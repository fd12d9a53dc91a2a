namespace RunnerBuild.Planning;

/// <summary>Waits until the machine has booted, its host keys are known and cloud-init is done.</summary>
internal sealed record BringUp(string Host) : Step
{
    protected override string Text => $"wait until {Host} is up";
}

/// <summary>Removes the host keys that are pinned for an address.</summary>
internal sealed record ForgetHostKeys(string Address, int Port) : Step
{
    protected override string Text => $"forget the host keys of {Address}";
}

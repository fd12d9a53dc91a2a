namespace RunnerBuild.Remote.Proxmox;

/// <summary>What kind of answer a call to Proxmox ended with, as far as the next move depends on it.</summary>
internal enum ProxmoxFault
{
    Other,

    /// <summary>The certificate is none of the pinned ones. Nothing was sent.</summary>
    Untrusted,
    Unauthorized,
    Forbidden,
    BadRequest,

    /// <summary>No answer, and the call changed nothing: it was a read, or was never sent.</summary>
    Unreachable,

    /// <summary>A write was sent and its answer is lost: it may have been carried out.</summary>
    OutcomeUnknown,
    NoSuchGuest,
    Taken,
    Locked,

    /// <summary>Another process held a file or storage lock for too long; nothing was done.</summary>
    Busy,

    /// <summary>The configuration was changed since it was read.</summary>
    Stale,

    /// <summary>The value is written, but the running machine could not take it over: it stays pending.</summary>
    LeftPending,
    AlreadyRunning,
    NotRunning,
    StillRunning,

    /// <summary>The machine's protection is on: Proxmox refuses to remove it.</summary>
    Protected,

    /// <summary>The cluster has no majority, so nothing can be changed.</summary>
    NoQuorum,
    NoSuchNode,
    AgentSilent,
    AgentMissing,
}

/// <summary>A call to Proxmox, or a task that it started, that did not end well.</summary>
internal sealed class ProxmoxException(ProxmoxFault fault, string what, string why, string fix, Exception? inner = null)
    : RunnerBuildException(what, why, fix, inner)
{
    public ProxmoxFault Fault { get; } = fault;
}

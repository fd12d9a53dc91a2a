using Supervisor.GitHub;

namespace Supervisor.Slots;

/// <summary>A gate for each GitHub scope.</summary>
internal sealed class ScopeGates(Timing timing)
{
    private readonly Dictionary<GitHubScope, ScopeGate> gates = [];

    public ScopeGate Of(GitHubScope scope) => gates.TryGetValue(scope, out var gate) ? gate : gates[scope] = new ScopeGate(timing);

    public void Clear() => gates.Clear();
}

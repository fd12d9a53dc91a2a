using RunnerBuild.Desired;
using RunnerBuild.Remote.Proxmox;

namespace RunnerBuild.Facts;

/// <summary>The addresses that a running guest really has. Proxmox lists those that it has not taken over yet neither as pending nor as behind on the cloud-init drive.</summary>
internal static class GuestAddresses
{
    /// <returns>The facts with them; unchanged where the fleet names no address, or the agent does not tell.</returns>
    public static async Task<VirtualMachineFacts> AskAsync(ProxmoxClient client, VirtualMachine want, VirtualMachineFacts facts, CancellationToken cancel)
    {
        if (want.Spec.Ip is null || facts is not VirtualMachineFacts.Present { Running: true } present)
            return facts;
        try
        {
            var card = await new GuestAgent(client, want.Id).CardAsync(GuestAgent.MacOf(present.Config.GetValueOrDefault("net0")), cancel);
            return card is null ? facts : present with { Addresses = card.Usable };
        }
        catch (ProxmoxException fault) when (fault.Fault is not (ProxmoxFault.Unauthorized or ProxmoxFault.Untrusted))
        {
            // Not every image has an agent, and a guest that boots has none yet.
            return facts;
        }
    }
}

using System.Text.Json;
using RunnerBuild.Config;

namespace RunnerBuild.Remote.Proxmox;

/// <summary>A user's ticket: got with the password when it is first needed, and anew well before its two hours are over.</summary>
internal sealed class ProxmoxTickets(
    ProxmoxLogin.Password login, Secret password, Func<ProxmoxCall, CancellationToken, Task<JsonElement>> send, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(90);

    private readonly SemaphoreSlim _one = new(1);
    private Ticket? _ticket;

    /// <summary>Writes need the second half as well, so that no page of a browser can make them.</summary>
    public async Task AuthorizeAsync(HttpRequestMessage message, CancellationToken cancel)
    {
        var ticket = await TicketAsync(cancel);
        message.Headers.TryAddWithoutValidation("Cookie", $"PVEAuthCookie={Uri.EscapeDataString(ticket.Value)}");
        if (message.Method != HttpMethod.Get)
            message.Headers.TryAddWithoutValidation("CSRFPreventionToken", ticket.CsrfToken);
    }

    /// <summary>The next call gets a new one: this one was turned away.</summary>
    /// <returns>False: there was none.</returns>
    public bool Forget() => Interlocked.Exchange(ref _ticket, null) is not null;

    public void Dispose() => _one.Dispose();

    private async Task<Ticket> TicketAsync(CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            return _ticket is { } held && time.GetElapsedTime(held.Since) < Life ? held : _ticket = await NewAsync(cancel);
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<Ticket> NewAsync(CancellationToken cancel)
    {
        var since = time.GetTimestamp();
        var call = ProxmoxCall.Post(
            "/access/ticket", [new("username", login.Name), new("password", password.Reveal().Trim())], $"log in to Proxmox as {login.Name}") with { IsLogin = true };
        var answer = await send(call, cancel);
        if (answer.Flag("NeedTFA") || answer.Text("ticket") is not { } ticket || answer.Text("CSRFPreventionToken") is not { } csrf)
            throw new ConfigurationException(
                $"Proxmox asks {login.Name} for a second factor.", "Nobody is here to give it.", "Make an API token for this user and name it as `token` in the fleet.");
        Redaction.Add(ticket);
        Redaction.Add(csrf);
        return new(ticket, csrf, since);
    }

    private sealed record Ticket(string Value, string CsrfToken, long Since);
}

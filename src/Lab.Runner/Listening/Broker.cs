using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Lab.Runner.Listening;

/// <summary>Session and messages of this runner at the broker.</summary>
internal sealed class Broker(AccessTokens tokens, RunnerSettings settings)
{
    private static readonly TimeSpan AcknowledgeLimit = TimeSpan.FromSeconds(5);

    private string _session = "";

    public async Task<ServiceAnswer> OpenAsync(CancellationToken cancel)
    {
        var answer = await tokens.SendAsync(
            HttpMethod.Post,
            new(settings.Broker, "session"),
            new JsonObject
            {
                ["sessionId"] = Guid.Empty.ToString(),
                ["ownerName"] = $"{Environment.MachineName} (PID: {Environment.ProcessId})",
                ["agent"] = new JsonObject
                {
                    ["id"] = settings.AgentId,
                    ["name"] = settings.Name,
                    ["version"] = RunnerVersion.Number,
                    ["osDescription"] = RuntimeInformation.OSDescription,
                    ["ephemeral"] = settings.Ephemeral,
                },
                ["useFipsEncryption"] = false,
            },
            cancel);
        if (answer.Good)
            _session = answer.Json?["sessionId"]?.ToString() ?? "";
        return answer;
    }

    /// <summary>Held by the broker until there is a message.</summary>
    public Task<ServiceAnswer> PollAsync(bool busy, CancellationToken cancel) =>
        tokens.SendAsync(HttpMethod.Get, At("message", busy, $"&disableUpdate={(settings.DisableUpdate ? "true" : "false")}"), null, cancel);

    public async Task<ServiceAnswer> AcknowledgeAsync(string request, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(AcknowledgeLimit);
        try
        {
            return await tokens.SendAsync(HttpMethod.Post, At("acknowledge", busy: true), new JsonObject { ["runnerRequestId"] = request }, limit.Token);
        }
        catch (Exception late) when (late is HttpRequestException || (late is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return new(HttpStatusCode.RequestTimeout, "");
        }
    }

    public Task<ServiceAnswer> AcquireAsync(Uri runService, string request, string billingOwner, CancellationToken cancel) => tokens.SendAsync(
        HttpMethod.Post,
        new(runService, "acquirejob"),
        new JsonObject { ["jobMessageId"] = request, ["runnerOS"] = "Linux", ["billingOwnerId"] = billingOwner },
        cancel);

    public Task<ServiceAnswer> CloseAsync(CancellationToken cancel) => tokens.SendAsync(HttpMethod.Delete, new(settings.Broker, "session"), null, cancel);

    private Uri At(string call, bool busy, string more = "") => new(
        settings.Broker,
        $"{call}?sessionId={_session}&status={(busy ? "Busy" : "Online")}&runnerVersion={RunnerVersion.Number}&os=Linux"
        + $"&architecture={RuntimeInformation.OSArchitecture}{more}");
}

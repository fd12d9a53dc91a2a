using Lab.GitHub.Faults;

namespace Lab;

/// <summary>`lab fault`: switches troubles of the lab's GitHub on and off, and lists those that are on.</summary>
internal sealed class FaultCommand(LabFiles files, TextWriter output)
{
    /// <param name="settings">`NAME=VALUE`; none: only list.</param>
    public async Task<int> RunAsync(IReadOnlyList<string> settings, CancellationToken cancel)
    {
        using var http = new HttpClient { BaseAddress = LabRecord.Read(files.Record) is { } record ? new(record.Control) : throw NotUp($"there is no {files.Record}") };
        try
        {
            if (settings.Count == 0)
                await ListKindsAsync();
            else
                await SwitchAsync(http, settings, cancel);
            await ListActiveAsync(http, cancel);
            return 0;
        }
        catch (HttpRequestException e)
        {
            throw NotUp($"its server does not answer at {http.BaseAddress} ({e.Message})");
        }
    }

    private static async Task SwitchAsync(HttpClient http, IReadOnlyList<string> settings, CancellationToken cancel)
    {
        using var response = await http.PutAsJsonAsync(new Uri("github/faults", UriKind.Relative), settings.Select(Pair).ToDictionary(), cancel);
        if (!response.IsSuccessStatusCode)
            throw new LabException("The fault was not switched.", await response.Content.ReadFromJsonAsync<string>(cancel) ?? "", "`./build.sh LabFault` lists them with their values.");
    }

    private async Task ListActiveAsync(HttpClient http, CancellationToken cancel)
    {
        var active = await http.GetFromJsonAsync<ActiveFault[]>("github/faults", cancel) ?? [];
        await output.WriteLineAsync(active.Length == 0 ? "faults: none is on" : $"faults: {string.Join(", ", active.Select(fault => $"{fault.Name}={fault.Value}"))}");
    }

    private async Task ListKindsAsync()
    {
        foreach (var kind in FaultKind.All)
            await output.WriteLineAsync($"  {kind.Name,-18} {Example(kind.Value),-22} {kind.Meaning}");
    }

    private static string Example(FaultValue value) => value switch
    {
        FaultValue.Lasts => "how long: 30s, 5m",
        FaultValue.Amount => "how much: 500ms, 10m",
        _ => "a name or version",
    };

    private static KeyValuePair<string, string> Pair(string text) => text.Split('=', 2) is [{ Length: > 0 } name, { Length: > 0 } value]
        ? new(name, value)
        : throw new LabException($"`{text}` is no fault.", "it has no value.", "Write NAME=VALUE, such as latency=500ms, or all=off.");

    private static LabException NotUp(string why) => new("The lab is not up.", why + ".", "Bring it up with `./build.sh LabUp`, or `lab up`.");
}

using System.Globalization;
using System.Text.Json;

namespace Supervisor.Control;

/// <summary>The <c>runnerctl</c> command. Exit codes: 0 done, 1 refused or not reachable, 2 wrong usage.</summary>
internal static class RunnerCtl
{
    private const string Help = """
        runnerctl status [--json]                          slots, their state, and why one does not serve
        runnerctl drain [SLOT] [--wait]                    no new runners; a running job ends by itself
        runnerctl resume [SLOT]                            serves again, and tries again at once what was held back
        runnerctl reload                                   reads supervisor.json again
        runnerctl probe SLOT --label L --jobs N            the slot's next N jobs come by label L alone
                        [--seconds S]                      (ends after S seconds; 600)
        Without SLOT: all slots. --socket PATH: another control socket.
        """;

    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter errors)
    {
        var line = CommandLine.Read(args);
        try
        {
            if (line.Problem is not null || line.Words.Length == 0)
                return Misused(line.Problem, errors);
            var client = new ControlClient(line.Option("--socket") ?? ControlClient.DefaultSocket);
            return line.Words switch
            {
                ["help"] => Print(Help, output),
                ["status"] => Print(await StatusAsync(client, line.Has("--json")), output),
                ["drain", .. var slot] when slot.Length <= 1 => await DrainAsync(client, slot.FirstOrDefault(), line.Has("--wait"), output, errors),
                ["resume", .. var slot] when slot.Length <= 1 => await SendAsync(client, new() { Command = "resume", Slot = slot.FirstOrDefault() }, errors),
                ["reload"] => await SendAsync(client, new() { Command = "reload" }, errors),
                ["probe", var slot] when ProbeOf(slot, line) is { } probe => await SendAsync(client, probe, errors),
                _ => Misused($"There is no such command: {string.Join(' ', args)}", errors),
            };
        }
        catch (ControlFault fault)
        {
            await errors.WriteLineAsync(fault.Message);
            return 1;
        }
    }

    private static int Misused(string? problem, TextWriter errors)
    {
        if (problem is not null)
            errors.WriteLine(problem);
        errors.WriteLine(Help);
        return 2;
    }

    private static int Print(string text, TextWriter output)
    {
        output.WriteLine(text);
        return 0;
    }

    private static async Task<string> StatusAsync(ControlClient client, bool json)
    {
        var status = await client.StatusAsync();
        return json ? JsonSerializer.Serialize(status, IndentedControlJson.Default.HostStatus) : StatusTable.Of(status, DateTimeOffset.UtcNow);
    }

    private static async Task<int> SendAsync(ControlClient client, ControlRequest request, TextWriter errors)
    {
        var reply = await client.SendAsync(request);
        if (!reply.Ok)
            await errors.WriteLineAsync(reply.Error);
        return reply.Ok ? 0 : 1;
    }

    private static async Task<int> DrainAsync(ControlClient client, string? slot, bool wait, TextWriter output, TextWriter errors)
    {
        var code = await SendAsync(client, new() { Command = "drain", Slot = slot }, errors);
        var told = "";
        while (code == 0 && wait)
        {
            var left = (await client.StatusAsync()).Slots
                .Where(row => (slot is null || row.Name == slot) && row is not { State: "Empty", Container: null })
                .Select(row => row.Job is null ? row.Name : $"{row.Name} (job {row.Job})").ToList();
            if (left.Count == 0)
                break;
            if (told != (told = $"waiting for {string.Join(", ", left)}"))
                await output.WriteLineAsync(told);
            await Task.Delay(TimeSpan.FromSeconds(1));
        }
        return code;
    }

    private static ControlRequest? ProbeOf(string slot, CommandLine line) =>
        line.Option("--label") is { } label && Number(line.Option("--jobs")) is { } jobs && Number(line.Option("--seconds") ?? "600") is { } seconds
            ? new ControlRequest { Command = "probe", Slot = slot, Label = label, Jobs = jobs, Seconds = seconds }
            : null;

    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

using System.Text.Json;
using Supervisor.Evidence;

namespace Supervisor.Control;

/// <summary>The <c>runnerctl</c> command. Exit codes: 0 done, 1 refused or not reachable, 2 wrong usage, 3 not drained in time.</summary>
internal static class RunnerCtl
{
    private const string Help = """
        runnerctl status [--json]                          slots, their state, and why one does not serve
        runnerctl drain [SLOT...] [--wait] [--timeout S]   no new runners; a running job ends by itself
        runnerctl resume [SLOT...]                         serves again, and tries again at once what was held back
        runnerctl logs SLOT [-f]                           what the slot's runners wrote, those that are gone too
        runnerctl history [--slot SLOT] [--last N] [--json]  the jobs that ran here (the last 50)
        runnerctl reload                                   reads supervisor.json again
        runnerctl probe SLOT --label L --jobs N            the slot's next N jobs come by label L alone
                        [--seconds S]                      (ends after S seconds; 600)
        SLOT: its name, or the number at its end; also --slot SLOT. Without: all slots.
        Exit codes: 0 done, 1 refused or not reachable, 2 wrong usage, 3 not drained in time.
        --socket PATH, --state FOLDER: another supervisor's.
        """;

    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter errors)
    {
        var line = CommandLine.Read(args);
        try
        {
            if (line.Problem is not null || line.Words.Length == 0)
                return Misused(line.Problem, errors);
            var client = new ControlClient(line.Option("--socket") ?? ControlClient.DefaultSocket);
            IReadOnlyList<string> slots = [.. line.Words[1..], .. line.Option("--slot") is { } slot ? [slot] : (string[])[]];
            return (line.Words[0], slots) switch
            {
                ("help", []) => Print(Help, output),
                ("status", []) => Print(await StatusAsync(client, line.Has("--json")), output),
                ("drain", _) => await DrainAsync(client, slots, line, output, errors),
                ("resume", _) => await EachAsync(client, "resume", await NamesAsync(client, slots), errors),
                ("logs", [var one]) => await SlotLogs.ShowAsync(await NameAsync(client, one), line.Has("--follow")),
                ("history", { Count: <= 1 }) => JobHistory(line, slots is [var only] ? only : null, output),
                ("reload", []) => await SendAsync(client, new() { Command = "reload" }, errors),
                ("probe", [var one]) when ProbeOf(line) is { } probe => await SendAsync(client, probe with { Slot = await NameAsync(client, one) }, errors),
                _ => Misused($"There is no such command: {string.Join(' ', args)}", errors),
            };
        }
        catch (UnauthorizedAccessException)
        {
            await errors.WriteLineAsync(ControlClient.NotForYou);
            return 1;
        }
        catch (Exception fault) when (fault is ControlFault or IOException)
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

    private static int JobHistory(CommandLine line, string? slot, TextWriter output)
    {
        var history = new HistoryFile(line.Option("--state") ?? HistoryFile.DefaultFolder);
        var records = history.Last(line.Number("--last") ?? 50, record => slot is null || SlotNames.IsMeant(record.Slot, slot));
        if (!line.Has("--json"))
            return Print(HistoryTable.Of(records), output);
        foreach (var record in records)
            output.WriteLine(record.ToJson());
        return 0;
    }

    private static async Task<int> DrainAsync(ControlClient client, IReadOnlyList<string> slots, CommandLine line, TextWriter output, TextWriter errors)
    {
        var names = await NamesAsync(client, slots);
        if (await EachAsync(client, "drain", names, errors) is not 0 and var code)
            return code;
        var limit = line.Number("--timeout");
        return line.Has("--wait") || limit is not null
            ? await new Draining(client, names, output, errors).WaitAsync(limit is { } seconds ? TimeSpan.FromSeconds(seconds) : null)
            : 0;
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(ControlClient client, IReadOnlyList<string> asked) =>
        SlotNames.Among([.. (await client.StatusAsync()).Slots.Select(slot => slot.Name)], asked);

    // A full name needs nobody to ask: the slot may be gone, or the service stopped.
    private static async Task<string> NameAsync(ControlClient client, string asked) =>
        SlotNames.IsNumber(asked) ? (await NamesAsync(client, [asked]))[0] : asked;

    private static async Task<int> EachAsync(ControlClient client, string command, IReadOnlyList<string> slots, TextWriter errors)
    {
        var code = 0;
        foreach (var slot in slots)
            code = Math.Max(code, await SendAsync(client, new() { Command = command, Slot = slot }, errors));
        return code;
    }

    private static async Task<int> SendAsync(ControlClient client, ControlRequest request, TextWriter errors)
    {
        var reply = await client.SendAsync(request);
        if (!reply.Ok)
            await errors.WriteLineAsync(reply.Error);
        return reply.Ok ? 0 : 1;
    }

    private static ControlRequest? ProbeOf(CommandLine line) =>
        line.Option("--label") is { } label && line.Number("--jobs") is { } jobs
            ? new ControlRequest { Command = "probe", Label = label, Jobs = jobs, Seconds = line.Number("--seconds") ?? 600 }
            : null;
}

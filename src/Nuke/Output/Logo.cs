namespace Nuke.Common.Output;

/// <summary>The head of the output: which engine this is.</summary>
internal static class Logo
{
    private static readonly string[] Art =
    [
        "███╗   ██╗██╗   ██╗██╗  ██╗███████╗",
        "████╗  ██║██║   ██║██║ ██╔╝██╔════╝",
        "██╔██╗ ██║██║   ██║█████╔╝ █████╗  ",
        "██║╚██╗██║██║   ██║██╔═██╗ ██╔══╝  ",
        "██║ ╚████║╚██████╔╝██║  ██╗███████╗",
        "╚═╝  ╚═══╝ ╚═════╝ ╚═╝  ╚═╝╚══════╝",
    ];

    public static void Write(BuildOutput output)
    {
        if (output.Session.IsShown(DefaultOutput.Logo))
        {
            output.Line();
            foreach (var line in Art)
                output.Line(output.Palette.Plain(line.Replace(' ', '\u00A0')), isLogged: true);
            output.Line();
        }

        output.Line(output.Palette.Information($"NUKE Execution Engine, built-in, compatible with version 10.1.0 ({Platform},.NETCoreApp,Version=v{Environment.Version.ToString(2)})"));
        output.Line();
    }

    private static string Platform => OperatingSystem.IsWindows() ? "Windows" : OperatingSystem.IsMacOS() ? "OSX" : "Linux";
}

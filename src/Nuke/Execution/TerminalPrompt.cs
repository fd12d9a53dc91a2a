using System.Text;

namespace Nuke.Common.Execution;

/// <summary>Asks a person a question; a secret answer shows as stars.</summary>
internal static class TerminalPrompt
{
    public static string? Ask(string question, bool isSecret)
    {
        Console.Write(question);
        return isSecret ? ReadSecret() : Console.ReadLine();
    }

    private static string ReadSecret()
    {
        var text = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace && text.Length > 0)
            {
                text.Length--;
                Console.Write("\b \b");
            }
            else if (!char.IsControl(key.KeyChar))
            {
                text.Append(key.KeyChar);
                Console.Write('*');
            }
        }

        Console.WriteLine();
        return text.ToString();
    }
}

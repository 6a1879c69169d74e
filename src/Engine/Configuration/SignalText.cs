using Container.Engine.Errors;
using Container.Native.Processes;

namespace Container.Engine.Configuration;

/// <summary>Signals as the user writes them.</summary>
internal static class SignalText
{
    public static int Parse(string text) => SignalNumber.TryParse(text, out int number)
        ? number
        : throw new EngineException(ErrorId.InvalidConfiguration, $"'{text}' is no signal.", target: text);
}

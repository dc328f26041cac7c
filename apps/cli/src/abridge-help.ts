import { Help, type Command, type Option } from "commander";
import { fitLine, type HelpPage } from "./study-help.js";

/** Options that most commands share: one line names them, `--help-all` explains them. */
const shared = ["executor", "threads", "jobs", "data", "runs", "json", "help"];

/** Gives every command in a group's help one line. */
export function abridgeCommands(group: Command, page: HelpPage): void {
  group.configureHelp({
    ...group.configureHelp(),
    subcommandDescription: (command) =>
      fitLine(command.description(), page.columns - indent(group), page).join(" "),
  });
}

/**
 * Makes the help of a command with many options fit a screen: a line an option, the shared ones only
 * named. `--help-all` shows it as it was.
 */
export function abridgeOptions(command: Command, page: HelpPage): void {
  if (page.detail === "all") return;
  const isShared = (option: Option): boolean => shared.includes(option.attributeName());
  const names = command.options.filter(isShared).map(({ long }) => long);
  command.configureHelp({
    ...command.configureHelp(),
    visibleOptions: (of) => new Help().visibleOptions(of).filter((option) => !isShared(option)),
    optionDescription: (option) => oneLine(new Help().optionDescription(option)),
    argumentDescription: (argument) => oneLine(new Help().argumentDescription(argument)),
  });
  command.addHelpText("after", `\nAlso ${names.join(", ")}; --help-all explains everything.`);

  function oneLine(text: string): string {
    return fitLine(text, page.columns - indent(command), page)[0]!;
  }
}

/** Columns before the texts of a command's options and arguments. */
function indent(command: Command): number {
  const help = Object.assign(new Help(), command.configureHelp());
  return help.padWidth(command, help) + 4;
}

import {
  AudioLines,
  Captions,
  Crop,
  Eraser,
  FileDown,
  FileText,
  FileType,
  ImageDown,
  ImageUpscale,
  Languages,
  type LucideIcon,
  MessageSquareText,
  PenLine,
  PenTool,
  Scaling,
  ScanText,
  Scissors,
  Sparkles,
  Table,
  TextQuote,
  Wrench,
} from "lucide-react";
import { cn } from "#cn";

/** The icons a tool's file may name, in lucide's kebab-case. Named one by one: the whole set is 400 kB. */
const icons: Readonly<Record<string, LucideIcon>> = {
  "audio-lines": AudioLines,
  captions: Captions,
  crop: Crop,
  eraser: Eraser,
  "file-down": FileDown,
  "file-text": FileText,
  "file-type": FileType,
  "image-down": ImageDown,
  "image-upscale": ImageUpscale,
  languages: Languages,
  "message-square-text": MessageSquareText,
  "pen-line": PenLine,
  "pen-tool": PenTool,
  "scan-text": ScanText,
  scissors: Scissors,
  sparkles: Sparkles,
  scaling: Scaling,
  table: Table,
  "text-quote": TextQuote,
};

/** A tool's icon; a wrench for a name that is not in the list. */
export function ToolIcon({ name, className }: { name: string; className?: string }) {
  const Icon = icons[name] ?? Wrench;
  return <Icon aria-hidden="true" strokeWidth={1.75} className={cn("size-5 shrink-0", className)} />;
}

/** The icon on its tile, as cards and heads show it. */
export function ToolTile({ name, className }: { name: string; className?: string }) {
  return (
    <span
      className={cn(
        "grid size-10 shrink-0 place-items-center rounded-field border border-line bg-sunken text-text",
        className,
      )}
    >
      <ToolIcon name={name} />
    </span>
  );
}

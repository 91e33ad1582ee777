"use client";

import { Ban, ChevronDown, CircleStop, Eye, LogOut, MailCheck, Repeat, Shuffle, Undo2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { Button } from "#ui/primitives/button";
import { Menu, MenuItem } from "#ui/primitives/menu";
import { AccessDialog } from "./access-dialog";
import { ChangePlanDialog } from "./change-plan-dialog";
import { ConfirmDialog } from "./confirm-dialog";
import { EndPlanDialog } from "./end-plan-dialog";
import type { CustomerAct } from "./possible";
import { ResumePlanDialog } from "./resume-plan-dialog";
import { ViewDialog } from "./view-dialog";

type ActsMenuProps = {
  customer: { id: string; name: string; email: string };
  /** What may be done to this customer by whoever looks. */
  possible: readonly CustomerAct[];
};

const icons: Record<CustomerAct, ReactNode> = {
  view: <Eye strokeWidth={1.75} />,
  changePlan: <Shuffle strokeWidth={1.75} />,
  resumePlan: <Repeat strokeWidth={1.75} />,
  endPlan: <CircleStop strokeWidth={1.75} />,
  confirm: <MailCheck strokeWidth={1.75} />,
  signOut: <LogOut strokeWidth={1.75} />,
  suspend: <Ban strokeWidth={1.75} />,
  restore: <Undo2 strokeWidth={1.75} />,
};

/** Everything that can be done to a customer; each act opens with its preview. */
export function ActsMenu({ customer, possible }: ActsMenuProps) {
  const t = useTranslations("officeActs");
  const [open, setOpen] = useState<CustomerAct | null>(null);
  if (possible.length === 0) return null;
  return (
    <>
      <Menu
        trigger={
          <Button variant="secondary">
            {t("menu")}
            <ChevronDown aria-hidden="true" className="size-4" strokeWidth={1.75} />
          </Button>
        }
      >
        {possible.map((act) => (
          <MenuItem key={act} danger={act === "suspend" || act === "endPlan"} onSelect={() => setOpen(act)}>
            {icons[act]}
            {t(`item.${act}`)}
          </MenuItem>
        ))}
      </Menu>
      {possible.map((act) => {
        const shared = {
          customer,
          open: open === act,
          onOpenChange: (on: boolean) => setOpen(on ? act : null),
        };
        return <ActOf key={act} act={act} {...shared} />;
      })}
    </>
  );
}

type ActOfProps = {
  act: CustomerAct;
  customer: ActsMenuProps["customer"];
  open: boolean;
  onOpenChange: (open: boolean) => void;
};

function ActOf({ act, ...shared }: ActOfProps) {
  switch (act) {
    case "view":
      return <ViewDialog {...shared} />;
    case "changePlan":
      return <ChangePlanDialog {...shared} />;
    case "resumePlan":
      return <ResumePlanDialog {...shared} />;
    case "endPlan":
      return <EndPlanDialog {...shared} />;
    case "confirm":
      return <ConfirmDialog {...shared} />;
    default:
      return <AccessDialog act={act} {...shared} />;
  }
}

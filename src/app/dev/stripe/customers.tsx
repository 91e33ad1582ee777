"use client";

import { Users } from "lucide-react";
import { useTranslations } from "next-intl";
import { isStatus, meanings } from "#billing/access";
import type { ConsoleCard, ConsoleCharge, ConsoleCustomer, ConsoleState } from "#sandbox/stripe";
import { MonoId } from "#ui/data/cells";
import { Badge } from "#ui/primitives/badge";
import { Button } from "#ui/primitives/button";
import { Card, CardBody, CardHeader } from "#ui/primitives/card";
import { Select } from "#ui/primitives/select";
import { Empty } from "#ui/state/states";
import { useFormat } from "#ui/use-format";
import { useAct } from "./use-act";

/** Who pays here, with what, and what was paid. */
export function Customers({ state }: { state: ConsoleState }) {
  const t = useTranslations("dev.stripe");
  return (
    <Card aria-labelledby="customers">
      <CardHeader id="customers" title={t("customers")} hint={t("customersHint")} />
      <CardBody>
        {state.customers.length === 0 && (
          <Empty
            icon={<Users strokeWidth={1.75} />}
            title={t("noCustomers")}
            text={t("noCustomersText")}
            action={
              <Button asChild variant="secondary" size="sm">
                <a href="/pricing">{t("toPricing")}</a>
              </Button>
            }
          />
        )}
        <ul>
          {state.customers.map((customer) => (
            <Customer key={customer.id} customer={customer} behaviours={state.behaviours} />
          ))}
        </ul>
      </CardBody>
    </Card>
  );
}

type CustomerProps = { customer: ConsoleCustomer; behaviours: ConsoleState["behaviours"] };

function Customer({ customer, behaviours }: CustomerProps) {
  const t = useTranslations("dev.stripe");
  const format = useFormat();
  return (
    <li className="grid gap-3 border-t border-line py-4 lg:grid-cols-3 lg:gap-6">
      <div className="grid min-w-0 content-start gap-1">
        <span className="truncate text-14 font-medium text-text">{customer.email ?? t("noEmail")}</span>
        <MonoId id={customer.id} label={t("customerId")} />
        {customer.subscriptions.map(({ id, status, name, renewsAt, cancelAt, endedAt }) => (
          <span key={id} className="flex flex-wrap items-center gap-2 text-13 text-text-2">
            {name} <Status status={status} />
            <span className="text-text-3">
              {endedAt !== null
                ? t("ended", { date: format.date(new Date(endedAt * 1000)) })
                : cancelAt === null
                  ? t("renews", { date: format.date(new Date(renewsAt * 1000)) })
                  : t("ends", { date: format.date(new Date(cancelAt * 1000)) })}
            </span>
          </span>
        ))}
      </div>
      <div className="grid content-start gap-2">
        {customer.cards.length === 0 && <p className="text-13 text-text-3">{t("noCards")}</p>}
        {customer.cards.map((card) => (
          <CardRow key={card.id} card={card} behaviours={behaviours} />
        ))}
      </div>
      <ul className="grid content-start gap-2">
        {customer.charges.length === 0 && <li className="text-13 text-text-3">{t("noCharges")}</li>}
        {customer.charges.map((charge) => (
          <ChargeRow key={charge.id} charge={charge} />
        ))}
      </ul>
    </li>
  );
}

function Status({ status }: { status: string }) {
  const t = useTranslations("billing.plan.status");
  if (!isStatus(status)) return <Badge>{status}</Badge>;
  return <Badge tone={meanings[status].mark === "warning" ? "danger" : "neutral"}>{t(status)}</Badge>;
}

function CardRow({ card, behaviours }: { card: ConsoleCard; behaviours: ConsoleState["behaviours"] }) {
  const t = useTranslations("dev.stripe");
  const act = useAct();
  const name = `${card.brand} ···· ${card.last4}`;
  return (
    <div className="flex flex-wrap items-center gap-2 text-13">
      <span className="text-text">{name}</span>
      {card.isDefault && <Badge>{t("isDefault")}</Badge>}
      <Select
        className="max-w-56"
        aria-label={t("behaviourOf", { card: name })}
        value={card.behaviour ?? ""}
        onChange={({ target }) =>
          act.mutate({ path: `/cards/${card.id}`, body: { behaviour: target.value || null } })
        }
        options={[
          { value: "", label: t("asNumbered") },
          ...behaviours.map((value) => ({ value, label: t(`behaviours.${value}`) })),
        ]}
      />
    </div>
  );
}

function ChargeRow({ charge }: { charge: ConsoleCharge }) {
  const t = useTranslations("dev.stripe");
  const format = useFormat();
  const act = useAct();
  const { dispute } = charge;
  const isOpen = dispute !== null && dispute.status !== "won" && dispute.status !== "lost";
  const close = (outcome: "won" | "lost") => act.mutate({ path: `/disputes/${dispute?.id}/${outcome}` });
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 text-13">
      <span className="num text-text">{format.money(charge.amount, charge.currency)}</span>
      <span className="text-text-3">{format.date(new Date(charge.created * 1000))}</span>
      {charge.status === "failed" && <Badge tone="danger">{t("chargeFailed")}</Badge>}
      {dispute && (
        <Badge tone={dispute.status === "won" ? "neutral" : "danger"}>
          {t(isOpen ? "disputed" : dispute.status === "won" ? "won" : "lost")}
        </Badge>
      )}
      {charge.status !== "failed" && !dispute && (
        <Button
          size="sm"
          variant="quiet"
          busy={act.isPending}
          onClick={() => act.mutate({ path: `/charges/${charge.id}/dispute` })}
        >
          {t("dispute")}
        </Button>
      )}
      {isOpen && (
        <>
          <Button size="sm" variant="quiet" busy={act.isPending} onClick={() => close("won")}>
            {t("win")}
          </Button>
          <Button size="sm" variant="quiet" busy={act.isPending} onClick={() => close("lost")}>
            {t("lose")}
          </Button>
        </>
      )}
    </li>
  );
}
